using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Receives the rows of a data set from a <see cref="DataSource"/>: for a cache file or for shards.</summary>
/// <remarks>Rows are streamed; of a cache file only labels (4 bytes a row) and, when sparse, row starts (8 bytes a row) are kept until the end,
/// of shards only those of one shard.</remarks>
public sealed class DatasetWriter
{
    private readonly RowSink _sink;
    private RowHeading? _heading;
    private string _file = "";

    internal DatasetWriter(Stream output)
        : this(new CacheSink(output))
    {
    }

    internal DatasetWriter(RowSink sink) => _sink = sink;

    /// <summary>Rows so far.</summary>
    public long Count => _sink.Count;

    /// <summary>Says what will be written; call once, before the first row.</summary>
    /// <param name="name">Name for reports.</param>
    /// <param name="features">Features per row, at least 1.</param>
    /// <param name="classes">Number of classes; 0 for regression.</param>
    /// <param name="format">The kind of rows.</param>
    /// <param name="map">Applied to the labels at the end.</param>
    /// <param name="file">The file, for messages about labels; null: <paramref name="name"/>.</param>
    /// <exception cref="ConfigurationException">A number is out of range.</exception>
    public void Begin(string name, int features, int classes, RowFormat format, LabelMap map, string? file = null)
    {
        if (features < 1 || classes is < RowHeading.Discover or 1)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file ?? name}: {features} features and {classes} classes; at least 1 feature, and 0 (regression) or at least 2 classes"));
        }

        _file = file ?? name;
        _heading = new RowHeading(name, features, classes, format, map, _file);
        _sink.Begin(_heading);
    }

    /// <summary>Says that the rows are pictures, which shards keep for viewers and convolutions; a cache file does not.</summary>
    /// <param name="shape">Height × width × channels is the number of features.</param>
    public void Pictures(PictureShape shape) => _sink.Picture = shape;

    /// <summary>Adds a row of bytes (<see cref="RowFormat.Bytes"/>).</summary>
    /// <param name="row">One byte a feature.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<byte> row, float label)
    {
        Expect(RowFormat.Bytes, row.Length);
        _sink.Row(row, default, 0, label);
    }

    /// <summary>Adds a row of floats (<see cref="RowFormat.Floats"/>).</summary>
    /// <param name="row">One value a feature.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<float> row, float label)
    {
        Expect(RowFormat.Floats, row.Length);
        _sink.Row(MemoryMarshal.AsBytes(row), default, 0, label);
    }

    /// <summary>Adds rows of floats, one after another (<see cref="RowFormat.Floats"/>).</summary>
    /// <param name="rows">One value a feature and row.</param>
    /// <param name="labels">One label a row, before mapping.</param>
    public void AddRows(ReadOnlySpan<float> rows, ReadOnlySpan<float> labels)
    {
        if (!labels.IsEmpty)
        {
            Expect(RowFormat.Floats, rows.Length % labels.Length == 0 ? rows.Length / labels.Length : -1);
            _sink.Rows(rows, labels);
        }
    }

    /// <summary>Adds a sparse row (<see cref="RowFormat.Sparse"/>).</summary>
    /// <param name="columns">Increasing columns, from 0.</param>
    /// <param name="values">As many values.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float label)
    {
        Expect(RowFormat.Sparse, _heading?.Features ?? 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, columns.Length);
        _sink.Row(MemoryMarshal.AsBytes(columns), MemoryMarshal.AsBytes(values), columns.Length, label);
    }

    /// <summary>Says that labels are the numbers of words that are still being met; asked for at the end.</summary>
    internal void Words(Func<IReadOnlyList<string>> words) => _sink.Words = words;

    /// <summary>Says how much of the source was read.</summary>
    internal void Reached(long read, long total) => _sink.Reached(read, total);

    /// <summary>Maps the labels, writes what is left.</summary>
    internal void Finish()
    {
        if (Count == 0)
        {
            throw new DataException($"{_file}: holds no rows; at least 1 is needed");
        }

        _sink.Finish();
    }

    private void Expect(RowFormat format, int length)
    {
        if (_heading is null || _heading.Format != format || _heading.Features != length)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A {format} row of {length} features was added to a {_heading?.Format} data set of {_heading?.Features}."));
        }
    }
}
