using System.Globalization;

namespace Sidestep.Training;

/// <summary>Which columns of a table are features and which is the label.</summary>
internal sealed class CsvColumns
{
    private readonly string _file;
    private readonly string[]? _names;

    /// <summary>Resolves names and numbers against the first row.</summary>
    /// <param name="source">The options.</param>
    /// <param name="width">Columns of the table.</param>
    /// <param name="names">Their names, if there is a header.</param>
    internal CsvColumns(CsvSource source, int width, string[]? names)
    {
        (_file, Width, _names) = (source.File, width, names);
        Label = source.Label.Length == 0 ? width - 1 : Find(source.Label);
        var dropped = source.Drop.Select(Find).ToHashSet();
        if (dropped.Contains(Label))
        {
            throw new ConfigurationException($"{_file}: the label column {Title(Label)} is also dropped");
        }

        Features = [.. Enumerable.Range(0, width).Where(c => c != Label && !dropped.Contains(c))];
        if (Features.Length == 0 || (source.Features != 0 && source.Features != Features.Length))
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_file}, row 1: {width} columns leave {Features.Length} features beside the label and {dropped.Count} dropped; {Math.Max(1, source.Features)} are declared"));
        }
    }

    /// <summary>Columns of every row.</summary>
    internal int Width { get; }

    internal int Label { get; }

    internal int[] Features { get; }

    /// <summary>For messages: what the width was taken from.</summary>
    internal string WidthFrom => _names is null ? "the first row" : "the header";

    /// <summary>For messages: number from 1, and name if there is one.</summary>
    internal string Title(int column) => string.Create(
        CultureInfo.InvariantCulture, $"column {column + 1}{(_names is null ? "" : $" ({_names[column]})")}");

    private int Find(string key)
    {
        var byName = _names is null ? -1 : Array.IndexOf(_names, key);
        if (byName >= 0)
        {
            return byName;
        }

        return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Width
            ? index
            : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_file}: there is no column '{key}'; numbers are 0..{Width - 1}{(_names is null ? "" : $", names {string.Join(", ", _names)}")}"));
    }
}
