namespace Sidestep.Training;

/// <summary>A piece of a table's text that begins and ends with whole rows, and what was read from it. Reused.</summary>
internal sealed class CsvBlock(int capacity)
{
    /// <summary>The text.</summary>
    internal byte[] Text { get; } = new byte[capacity + 1];

    /// <summary>Where the rows start: behind a header.</summary>
    internal int Start { get; set; }

    /// <summary>Where they end: behind a line feed.</summary>
    internal int End { get; set; }

    /// <summary>Lines of the file before the text.</summary>
    internal long LinesBefore { get; set; }

    /// <summary>How much of the file had been read.</summary>
    internal long Reached { get; set; }

    internal float[] Values { get; private set; } = [];

    internal float[] Labels { get; private set; } = [];

    internal int Rows { get; set; }

    /// <summary>What is wrong with the row after the last good one; null: nothing.</summary>
    internal CsvMistake? Mistake { get; set; }

    /// <summary>Makes room for one more row.</summary>
    internal void Grow(int width)
    {
        if (Labels.Length == Rows)
        {
            var rows = Math.Max(16, 2 * Rows);
            var (values, labels) = (new float[rows * width], new float[rows]);
            Values.AsSpan(0, Rows * width).CopyTo(values);
            Labels.CopyTo(labels, 0);
            (Values, Labels) = (values, labels);
        }
    }
}

/// <summary>What is wrong with a row.</summary>
/// <param name="At">Where its text begins in the block.</param>
/// <param name="Column">The column, from 0; −1: the row as a whole.</param>
/// <param name="Text">What, with the value.</param>
/// <param name="WithLine">Whether the message names the line as well as the row.</param>
internal sealed record CsvMistake(int At, int Column, string Text, bool WithLine = true);
