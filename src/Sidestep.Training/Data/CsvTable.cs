using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Sidestep.Training;

/// <summary>Reads tables of numbers from text with separators (RFC 4180 quoting; cells are trimmed; empty lines are skipped).</summary>
public static class CsvTable
{
    /// <summary>Reads all rows; memory: one row.</summary>
    /// <param name="source">The file and its options.</param>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked every 1024 rows.</param>
    /// <exception cref="DataException">The file is missing, damaged or empty; a row has another width; a cell is no finite number. Names row and column.</exception>
    /// <exception cref="ConfigurationException">The file has no such column.</exception>
    public static void Read(CsvSource source, DatasetWriter writer, CancellationToken stop)
    {
        using var stream = new LineLimitStream(DataStream.Open(source.File, source.MaxBytes), source.File);
        using var text = new StreamReader(stream, Encoding.UTF8);
        using var parser = new CsvParser(text, Configuration(source));
        try
        {
            ReadRows(source, parser, writer, stop);
        }
        catch (CsvHelperException error)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{source.File}, row {writer.Count + 1} (line {parser.RawRow}): {FirstLine(error.Message)}"));
        }
    }

    private static CsvConfiguration Configuration(CsvSource source) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = source.Separator.ToString(),
        TrimOptions = TrimOptions.Trim,
        IgnoreBlankLines = true,
        CacheFields = false,
        BadDataFound = args => throw new DataException(string.Create(
            CultureInfo.InvariantCulture, $"{source.File}, line {args.Context.Parser?.RawRow}: a quote inside a cell: {FirstLine(args.Field)}")),
    };

    private static void ReadRows(CsvSource source, CsvParser parser, DatasetWriter writer, CancellationToken stop)
    {
        string[]? names = null;
        if (source.Header && parser.Read())
        {
            names = parser.Record;
        }

        CsvColumns? columns = null;
        float[] values = [];
        while (parser.Read())
        {
            if (columns is null)
            {
                columns = new CsvColumns(source, names?.Length ?? parser.Count, names);
                values = new float[columns.Features.Length];
                writer.Begin(source.Name(), values.Length, source.Classes, RowFormat.Floats, source.LabelMap, source.File);
            }

            if (writer.Count % 1024 == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            var label = ReadRow(source, parser, columns, writer.Count + 1, values);
            writer.Add(values, label);
        }

        if (columns is null)
        {
            throw new DataException($"{source.File}: holds no rows{(source.Header ? " after the header" : "")}; at least 1 is needed");
        }
    }

    private static float ReadRow(CsvSource source, CsvParser parser, CsvColumns columns, long row, float[] values)
    {
        if (parser.Count != columns.Width)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source.File}, row {row} (line {parser.RawRow}): {parser.Count} columns; {(source.Header ? "the header" : "the first row")} has {columns.Width}"));
        }

        for (var f = 0; f < values.Length; f++)
        {
            values[f] = Number(source, parser, columns, row, columns.Features[f]);
        }

        if (source.LabelNames.IsEmpty)
        {
            return Number(source, parser, columns, row, columns.Label);
        }

        var label = source.LabelNames.IndexOf(parser[columns.Label]);
        return label >= 0 ? label : throw new DataException(string.Create(
            CultureInfo.InvariantCulture,
            $"{source.File}, row {row}, {columns.Title(columns.Label)}: label '{FirstLine(parser[columns.Label])}' is out of range; known are {string.Join(", ", source.LabelNames)}"));
    }

    private static float Number(CsvSource source, CsvParser parser, CsvColumns columns, long row, int column)
    {
        var cell = parser[column];
        if (!float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source.File}, row {row} (line {parser.RawRow}), {columns.Title(column)}: {(cell.Length == 0 ? "empty" : $"'{FirstLine(cell)}'")} is not a number (a decimal point is '.')"));
        }

        return float.IsFinite(value) ? value : throw Finite.Bad(source.File, row, columns.Title(column), value);
    }

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        return line.Length > 80 ? line[..80] : line;
    }
}
