using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>Reads tables of numbers from text with separators (RFC 4180 quoting; cells are trimmed; empty lines are skipped), with as many cores as there are.</summary>
public static class CsvTable
{
    /// <summary>Reads all rows; memory: at most ten blocks of 2 MiB of text, and the rows in them.</summary>
    /// <param name="source">The file and its options.</param>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked for every block.</param>
    /// <exception cref="DataException">The file is missing, damaged or empty; a row has another width; a cell is no finite number. Names row and column.</exception>
    /// <exception cref="ConfigurationException">The file has no such column, or the separator cannot be one.</exception>
    public static void Read(CsvSource source, DatasetWriter writer, CancellationToken stop)
    {
        if (!char.IsAscii(source.Separator) || source.Separator is '"' or '\n' or '\r' or ' ' or '.' or '-' or '+' || char.IsAsciiLetterOrDigit(source.Separator))
        {
            throw new ConfigurationException($"{source.File}: '{source.Separator}' cannot separate fields; use a comma, a semicolon or a tab");
        }

        using var stream = DataStream.Open(source.File, source.MaxBytes);
        var blocks = new CsvBlocks(stream, source.File);
        CsvColumns? columns = null;
        CsvRows? rows = null;
        OrderedWork.Run(
            blocks.Create,
            block =>
            {
                var filled = blocks.Fill(block);
                if (filled && rows is null)
                {
                    (columns, rows) = Begin(source, block, writer);
                }

                return filled;
            },
            block => rows?.Read(block),
            block =>
            {
                if (columns is not null)
                {
                    Take(source, block, columns, writer);
                    writer.Reached(block.Reached, stream.FileLength);
                }
            },
            stop);
        if (columns is null || writer.Count == 0)
        {
            throw new DataException($"{source.File}: holds no rows{(source.Header ? " after the header" : "")}; at least 1 is needed");
        }
    }

    private static void Take(CsvSource source, CsvBlock block, CsvColumns columns, DatasetWriter writer)
    {
        writer.AddRows(block.Values.AsSpan(0, block.Rows * columns.Features.Length), block.Labels.AsSpan(0, block.Rows));
        if (block.Mistake is { } mistake)
        {
            var line = mistake.WithLine
                ? string.Create(CultureInfo.InvariantCulture, $" (line {block.LinesBefore + block.Text.AsSpan(0, mistake.At).Count((byte)'\n') + 1})")
                : "";
            var column = mistake.Column < 0 ? "" : $", {columns.Title(mistake.Column)}";
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{source.File}, row {writer.Count + 1}{line}{column}: {mistake.Text}"));
        }
    }

    /// <summary>Looks at the header and the first row. Null: there are only empty lines so far.</summary>
    private static (CsvColumns? Columns, CsvRows? Rows) Begin(CsvSource source, CsvBlock block, DatasetWriter writer)
    {
        var at = block.Start;
        if (FirstRow(source, block, ref at) is not { } first)
        {
            block.Start = block.End;
            return default;
        }

        string[]? names = null;
        var row = first;
        if (source.Header)
        {
            (block.Start, names) = (at, first);
            row = FirstRow(source, block, ref at);
        }

        var columns = new CsvColumns(source, first.Length, names);
        var label = row is not null && columns.Label < row.Length ? row[columns.Label] : "0";
        var words = !source.LabelNames.IsEmpty ? new LabelWords(source.LabelNames)
            : source.Classes == RowHeading.Discover && !DecimalText.TryParse(Encoding.UTF8.GetBytes(label), out _) ? new LabelWords([])
            : null;
        if (words is not null && source.LabelNames.IsEmpty)
        {
            writer.Words(() => words.Words);
        }

        var classes = source.Classes == RowHeading.Discover && !source.LabelNames.IsEmpty ? source.LabelNames.Length : source.Classes;
        writer.Begin(source.Name(), columns.Features.Length, classes, RowFormat.Floats, source.LabelMap, source.File);
        return (columns, new CsvRows(columns, (byte)source.Separator, words));
    }

    /// <summary>The cells of the next row that is not empty; null: there is none.</summary>
    private static unsafe string[]? FirstRow(CsvSource source, CsvBlock block, ref int start)
    {
        fixed (byte* text = block.Text)
        {
            var at = text + start;
            var end = text + block.End;
            while (at < end && (*at == '\n' || (*at == '\r' && at[1] == '\n')))
            {
                at += *at == '\n' ? 1 : 2;
            }

            if (at >= end)
            {
                return null;
            }

            var cells = new List<string>();
            while (true)
            {
                var cell = CsvCell.Read(at, end, (byte)source.Separator, out var next);
                if (cell.Wrong is { } wrong)
                {
                    throw new DataException($"{source.File}, row 1: {wrong}: {CsvCell.Shown(cell.Bytes)}");
                }

                cells.Add(Encoding.UTF8.GetString(cell.Bytes));
                at = next + 1;
                if (*next == '\n')
                {
                    start = (int)(at - text);
                    return [.. cells];
                }
            }
        }
    }
}
