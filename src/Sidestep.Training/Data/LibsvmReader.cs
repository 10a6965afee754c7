using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>Reads LIBSVM text. Empty lines and comments after # are skipped; everything else must be right.</summary>
/// <remarks>Source: C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines", ACM TIST 2011 (README, file format).</remarks>
public static class LibsvmReader
{
    /// <summary>Reads all rows; memory: one line.</summary>
    /// <param name="source">The file.</param>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked every 1024 lines.</param>
    /// <exception cref="DataException">The file is missing, damaged or empty, or a row is wrong; names the row.</exception>
    public static void Read(LibsvmSource source, DatasetWriter writer, CancellationToken stop)
    {
        var file = DataStream.Open(source.File, source.MaxBytes);
        using var stream = new LineLimitStream(file, source.File);
        writer.Begin(source.Name(), source.Features, source.Classes, RowFormat.Sparse, source.LabelMap, source.File);
        var lines = new LineReader(stream);
        var row = new Row(source.File, source.Features);
        while (lines.TryRead(out var line))
        {
            if (lines.Line % 1024 == 0)
            {
                stop.ThrowIfCancellationRequested();
                writer.Reached(file.FilePosition, file.FileLength);
            }

            var comment = line.IndexOf((byte)'#');
            line = (comment < 0 ? line : line[..comment]).Trim(" \t"u8);
            if (!line.IsEmpty)
            {
                row.Parse(line, writer.Count + 1, lines.Line);
                writer.Add(row.Columns, row.Values, row.Label);
            }
        }
    }

    /// <summary>One parsed line, in reused buffers.</summary>
    private sealed class Row(string file, int features)
    {
        private int[] _columns = new int[64];
        private float[] _values = new float[64];
        private int _count;
        private long _row;
        private long _line;

        internal float Label { get; private set; }

        internal ReadOnlySpan<int> Columns => _columns.AsSpan(0, _count);

        internal ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

        internal void Parse(ReadOnlySpan<byte> line, long row, long number)
        {
            (_row, _line, _count) = (row, number, 0);
            var label = NextWord(ref line);
            Label = Number(label, "label");
            while (!line.IsEmpty)
            {
                Entry(NextWord(ref line));
            }
        }

        private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> line)
        {
            var end = line.IndexOfAny((byte)' ', (byte)'\t');
            var word = end < 0 ? line : line[..end];
            line = end < 0 ? default : line[end..].TrimStart(" \t"u8);
            return word;
        }

        private void Entry(ReadOnlySpan<byte> word)
        {
            var colon = word.IndexOf((byte)':');
            if (colon < 0 || !int.TryParse(word[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                throw Bad($"'{Text(word)}' is not index:value");
            }

            var last = _count == 0 ? 0 : _columns[_count - 1] + 1;
            if (index <= last)
            {
                throw Bad(index == 0
                    ? "index 0; indices start at 1"
                    : string.Create(CultureInfo.InvariantCulture, $"index {index} after index {last}; indices must increase"));
            }

            if (index > features)
            {
                throw Bad(string.Create(CultureInfo.InvariantCulture, $"index {index} is above the {features} features declared"));
            }

            if (_count == _columns.Length)
            {
                Array.Resize(ref _columns, 2 * _count);
                Array.Resize(ref _values, 2 * _count);
            }

            _columns[_count] = index - 1;
            _values[_count++] = Number(word[(colon + 1)..], string.Create(CultureInfo.InvariantCulture, $"column {index}"));
        }

        private float Number(ReadOnlySpan<byte> word, string place)
        {
            if (!float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw Bad($"{place}: '{Text(word)}' is not a number (a decimal point is '.')");
            }

            return float.IsFinite(value) ? value : throw Finite.Bad(file, _row, place, value);
        }

        private DataException Bad(string why) => new(string.Create(
            CultureInfo.InvariantCulture, $"{file}, row {_row} (line {_line}): {why}"));

        private static string Text(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word.Length > 40 ? word[..40] : word);
    }
}
