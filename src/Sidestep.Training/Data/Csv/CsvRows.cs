using System.Globalization;

namespace Sidestep.Training;

/// <summary>Reads the rows of a block (RFC 4180 quoting; cells are trimmed; empty lines are skipped). Safe to use from many threads.</summary>
internal sealed unsafe class CsvRows(CsvColumns columns, byte separator, LabelWords? words)
{
    private const int Dropped = -2;
    private const int Label = -1;

    private readonly int[] _roles = Roles(columns);

    /// <summary>Reads until the end or the first mistake.</summary>
    internal void Read(CsvBlock block)
    {
        (block.Rows, block.Mistake) = (0, null);
        fixed (byte* text = block.Text)
        {
            var at = text + block.Start;
            var end = text + block.End;
            while (at < end && block.Mistake is null)
            {
                if (*at == '\n' || (*at == '\r' && at[1] == '\n'))
                {
                    at += *at == '\n' ? 1 : 2;
                    continue;
                }

                block.Grow(columns.Features.Length);
                var next = Row(text, at, end, block);
                if (next is null)
                {
                    return;
                }

                block.Rows++;
                at = next;
            }
        }
    }

    private static int[] Roles(CsvColumns columns)
    {
        var roles = new int[columns.Width];
        Array.Fill(roles, Dropped);
        for (var f = 0; f < columns.Features.Length; f++)
        {
            roles[columns.Features[f]] = f;
        }

        roles[columns.Label] = Label;
        return roles;
    }

    /// <summary>Reads a row; null: it has a mistake.</summary>
    private byte* Row(byte* text, byte* at, byte* end, CsvBlock block)
    {
        var row = at;
        var values = block.Values.AsSpan(block.Rows * columns.Features.Length, columns.Features.Length);
        for (var column = 0; column < _roles.Length; column++)
        {
            var role = _roles[column];
            var last = column == _roles.Length - 1;
            byte* next = null;
            float value = 0;
            if (role >= 0 || (role == Label && words is null))
            {
                next = DecimalText.Read(at, out value);
                next = next != null && *next == '\r' && last ? next + 1 : next;
            }

            if (next == null || *next != (last ? (byte)'\n' : separator))
            {
                next = SlowCell(text, row, at, end, column, block, ref value);
                if (next == null)
                {
                    return null;
                }
            }

            if (role >= 0)
            {
                values[role] = value;
            }
            else if (role == Label)
            {
                block.Labels[block.Rows] = value;
            }

            at = next + 1;
        }

        return at;
    }

    /// <summary>Reads any cell and checks that the row goes on or ends behind it as it must.</summary>
    private byte* SlowCell(byte* text, byte* row, byte* at, byte* end, int column, CsvBlock block, ref float value)
    {
        var place = (int)(row - text);
        var cell = CsvCell.Read(at, end, separator, out var next);
        var mistake = next - row > LineLimitStream.MaxLine
            ? new CsvMistake(place, -1, string.Create(CultureInfo.InvariantCulture, $"longer than {LineLimitStream.MaxLine} bytes"))
            : cell.Wrong is { } wrong ? new CsvMistake(place, column, $"{wrong}: {CsvCell.Shown(cell.Bytes)}")
            : Width(place, column, next, end)
            ?? Value(place, column, cell.Bytes, ref value);
        block.Mistake = mistake;
        return mistake is null ? next : null;
    }

    private CsvMistake? Width(int place, int column, byte* next, byte* end)
    {
        var last = column == _roles.Length - 1;
        if (*next == (last ? (byte)'\n' : separator))
        {
            return null;
        }

        var count = column + 1;
        while (next < end && *next == separator)
        {
            _ = CsvCell.Read(next + 1, end, separator, out next);
            count++;
        }

        return new CsvMistake(place, -1, string.Create(
            CultureInfo.InvariantCulture, $"{count} columns; {columns.WidthFrom} has {_roles.Length}"));
    }

    private CsvMistake? Value(int place, int column, ReadOnlySpan<byte> cell, ref float value)
    {
        switch (_roles[column])
        {
            case Dropped:
                return null;
            case Label when words is not null:
                var id = words.IdOf(cell);
                value = id;
                return id >= 0 ? null : new CsvMistake(
                    place, column, $"label '{CsvCell.Shown(cell)}' is out of range; {words.Known}", WithLine: false);
            default:
                return !DecimalText.TryParse(cell, out value)
                    ? new CsvMistake(place, column, $"{(cell.IsEmpty ? "empty" : $"'{CsvCell.Shown(cell)}'")} is not a number (a decimal point is '.')")
                    : float.IsFinite(value) ? null
                    : new CsvMistake(place, column, string.Create(
                        CultureInfo.InvariantCulture, $"{value} is not finite; drop the row or the column, or fill it in before"), WithLine: false);
        }
    }
}
