using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Training;

/// <summary>Receives the rows of a data set from a <see cref="DataSource"/> and writes them in the layout that <see cref="Dataset"/> reads.</summary>
/// <remarks>Rows are streamed; only labels (4 bytes a row) and, when sparse, row starts (8 bytes a row) are kept until the end.</remarks>
public sealed class DatasetWriter
{
    private readonly Stream _output;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<float> _labels = [];
    private readonly List<long> _starts = [0];
    private DatasetHeader _header;
    private string _name = "";
    private string? _file;
    private LabelMap _map;
    private uint _crc;
    private long _position;

    internal DatasetWriter(Stream output) => _output = output;

    /// <summary>Rows so far.</summary>
    public long Count => _labels.Count;

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
        if (features < 1 || classes is < 0 or 1)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file ?? name}: {features} features and {classes} classes; at least 1 feature, and 0 (regression) or at least 2 classes"));
        }

        (_name, _file, _map) = (name, file, map);
        _header = new DatasetHeader { Features = features, Classes = classes, Format = format };
        Span<byte> head = stackalloc byte[DatasetHeader.RowsOffset];
        head.Clear();
        _output.Write(head[..DatasetHeader.Size]);
        _position = DatasetHeader.Size;
        var fits = Encoding.UTF8.GetByteCount(name) <= DatasetHeader.MaxName ? name : name[..(DatasetHeader.MaxName / 4)];
        var length = Encoding.UTF8.GetBytes(fits, head);
        _header = _header with { NameLength = length };
        Body(head[..DatasetHeader.MaxName]);
    }

    /// <summary>Adds a row of bytes (<see cref="RowFormat.Bytes"/>).</summary>
    /// <param name="row">One byte a feature.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<byte> row, float label)
    {
        Expect(RowFormat.Bytes, row.Length);
        Body(row);
        _labels.Add(label);
    }

    /// <summary>Adds a row of floats (<see cref="RowFormat.Floats"/>).</summary>
    /// <param name="row">One value a feature.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<float> row, float label)
    {
        Expect(RowFormat.Floats, row.Length);
        Body(MemoryMarshal.AsBytes(row));
        _labels.Add(label);
    }

    /// <summary>Adds a sparse row (<see cref="RowFormat.Sparse"/>).</summary>
    /// <param name="columns">Increasing columns, from 0.</param>
    /// <param name="values">As many values.</param>
    /// <param name="label">Its label, before mapping.</param>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float label)
    {
        Expect(RowFormat.Sparse, _header.Features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, columns.Length);
        Body(MemoryMarshal.AsBytes(columns));
        Body(MemoryMarshal.AsBytes(values));
        _labels.Add(label);
        _starts.Add(_starts[^1] + columns.Length);
    }

    /// <summary>Maps the labels, writes what is left and the header, flushes.</summary>
    internal void Finish()
    {
        if (Count == 0)
        {
            throw new DataException($"{_file ?? _name}: holds no rows; at least 1 is needed");
        }

        LabelMapping.Apply(_map, _header.Classes, CollectionsMarshal.AsSpan(_labels), _file ?? _name);
        Align();
        var labels = _position;
        Body(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_labels)));
        Align();
        var starts = _position;
        if (_header.Format == RowFormat.Sparse)
        {
            Body(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        _header = _header with
        {
            Count = Count,
            NonZeros = _starts[^1],
            LabelsOffset = labels,
            StartsOffset = starts,
            FileLength = _position,
            BodyCrc = _crc,
            Fingerprint = BinaryPrimitives.ReadUInt128BigEndian(digest),
        };
        Span<byte> head = stackalloc byte[DatasetHeader.Size];
        _header.Write(head);
        _output.Position = 0;
        _output.Write(head);
        _output.Flush();
        _hash.Dispose();
    }

    private void Expect(RowFormat format, int length)
    {
        if (_header.Features == 0 || _header.Format != format || _header.Features != length)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A {format} row of {length} features was added to a {_header.Format} data set of {_header.Features}."));
        }
    }

    private void Align()
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        Body(zeros[..(int)(-_position & 63)]);
    }

    private void Body(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _crc = Checksum.Crc32C(bytes, _crc);
        _hash.AppendData(bytes);
        _position += bytes.Length;
    }
}
