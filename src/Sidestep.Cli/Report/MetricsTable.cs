using System.Globalization;

namespace Sidestep.Cli.Report;

/// <summary>A run's <c>metrics.csv</c>, column by column; what is empty or not a number is NaN.</summary>
internal sealed class MetricsTable
{
    private readonly Dictionary<string, List<double>> _columns = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    private MetricsTable()
    {
    }

    /// <summary>Column names, in the file's order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Rows that could be read.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that could not: of another number of fields, without a round, or the last one without its end.</summary>
    public int Damaged { get; private set; }

    /// <summary>Whether the last line is cut short: the run goes on, or was killed while it wrote.</summary>
    public bool IsCut { get; private set; }

    /// <summary>A column; NaN in every row if there is none of this name.</summary>
    public double[] this[string name] =>
        _columns.TryGetValue(name, out var values) ? [.. values] : [.. Enumerable.Repeat(double.NaN, Rows)];

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is not a metrics file.</exception>
    public static MetricsTable Load(string path)
    {
        var table = new MetricsTable();
        try
        {
            // A run that goes on has the file open for writing.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            table.Read(new StreamReader(file), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }

        return table;
    }

    private void Read(StreamReader reader, string path)
    {
        var text = new LineScanner(reader);
        if (!text.Next() || !text.Line.Split(',').Contains("round", StringComparer.Ordinal))
        {
            throw new DataException($"{path} is not a metrics file: its first line has no column 'round'");
        }

        foreach (var name in text.Line.Split(','))
        {
            if (!_columns.TryAdd(name, []))
            {
                throw new DataException($"{path} names column '{name}' twice");
            }

            _names.Add(name);
        }

        Span<Range> fields = new Range[_names.Count + 1];
        while (text.Next())
        {
            if (text.IsWhole && TryAdd(text.Line, fields))
            {
                Rows++;
            }
            else
            {
                IsCut |= !text.IsWhole;
                Damaged += text.IsWhole ? 1 : 0;
            }
        }
    }

    private bool TryAdd(string line, Span<Range> fields)
    {
        var count = line.AsSpan().Split(fields, ',');
        var round = _names.IndexOf("round");
        if (count != _names.Count || !long.TryParse(line.AsSpan(fields[round]), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            _columns[_names[i]].Add(
                double.TryParse(line.AsSpan(fields[i]), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                    ? value
                    : double.NaN);
        }

        return true;
    }

    /// <summary>Lines, and whether each had its end.</summary>
    private sealed class LineScanner(StreamReader reader)
    {
        private readonly System.Text.StringBuilder _line = new();

        public string Line { get; private set; } = string.Empty;

        public bool IsWhole { get; private set; }

        public bool Next()
        {
            _line.Clear();
            int next;
            while ((next = reader.Read()) >= 0 && next != '\n')
            {
                _line.Append((char)next);
            }

            (Line, IsWhole) = (_line.ToString().TrimEnd('\r'), next == '\n');
            return IsWhole || _line.Length > 0;
        }
    }
}
