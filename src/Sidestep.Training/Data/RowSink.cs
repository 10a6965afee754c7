using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>What a data set's rows are, as a source announces them.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="Features">Features per row.</param>
/// <param name="Classes">Number of classes; 0 for regression; <see cref="Discover"/>: whatever the labels show.</param>
/// <param name="Format">The kind of rows.</param>
/// <param name="Map">How labels are to be mapped.</param>
/// <param name="File">For messages about labels.</param>
internal sealed record RowHeading(string Name, int Features, int Classes, RowFormat Format, LabelMap Map, string File)
{
    /// <summary>The number of classes is found out from the labels.</summary>
    internal const int Discover = -1;

    /// <summary>Bytes of a row that is not sparse.</summary>
    internal long Stride => Format == RowFormat.Bytes ? Features : (long)Features * sizeof(float);
}

/// <summary>Where a <see cref="DatasetWriter"/> puts rows.</summary>
internal abstract class RowSink
{
    /// <summary>Rows so far.</summary>
    internal abstract long Count { get; }

    /// <summary>Height, width and channels of the rows, if they are pictures.</summary>
    internal virtual PictureShape? Picture { get; set; }

    /// <summary>The words that labels stand for, in the order they were met; null: labels are numbers.</summary>
    internal Func<IReadOnlyList<string>>? Words { get; set; }

    /// <summary>Hears how much of the source was read; called now and then.</summary>
    internal virtual void Reached(long read, long total)
    {
    }

    /// <summary>Called once, before the first row.</summary>
    internal abstract void Begin(RowHeading heading);

    /// <summary>A dense row, or a sparse one as columns and values of <paramref name="entries"/> entries.</summary>
    internal abstract void Row(ReadOnlySpan<byte> body, ReadOnlySpan<byte> values, int entries, float label);

    /// <summary>Dense rows, one after another.</summary>
    internal virtual void Rows(ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        for (var row = 0; row < labels.Length; row++)
        {
            var width = values.Length / labels.Length;
            Row(MemoryMarshal.AsBytes(values.Slice(row * width, width)), default, 0, labels[row]);
        }
    }

    /// <summary>Called once, after the last row, unless something failed.</summary>
    internal abstract void Finish();
}

/// <summary>How the features of a row make a picture: channel after channel, each from the top left, row by row.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Channels">1: grey; 3: red, green, blue.</param>
public sealed record PictureShape(int Height, int Width, int Channels);
