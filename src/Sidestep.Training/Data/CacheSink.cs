using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Training;

/// <summary>Writes the layout that <see cref="Dataset"/> reads from one file.</summary>
/// <remarks>Rows are streamed; labels (4 bytes a row) and, when sparse, row starts (8 bytes a row) are kept until the end.</remarks>
internal sealed class CacheSink(Stream output) : RowSink
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<float> _labels = [];
    private readonly List<long> _starts = [0];
    private RowHeading _heading = null!;
    private int _nameLength;
    private uint _crc;
    private long _position;

    internal override long Count => _labels.Count;

    internal override void Begin(RowHeading heading)
    {
        _heading = heading.Classes == RowHeading.Discover
            ? throw new ConfigurationException($"{heading.File}: the number of classes must be said, unless the data are imported")
            : heading;
        Span<byte> head = stackalloc byte[DatasetHeader.RowsOffset];
        head.Clear();
        output.Write(head[..DatasetHeader.Size]);
        _position = DatasetHeader.Size;
        var name = heading.Name;
        var fits = Encoding.UTF8.GetByteCount(name) <= DatasetHeader.MaxName ? name : name[..(DatasetHeader.MaxName / 4)];
        _nameLength = Encoding.UTF8.GetBytes(fits, head);
        Body(head[..DatasetHeader.MaxName]);
    }

    internal override void Row(ReadOnlySpan<byte> body, ReadOnlySpan<byte> values, int entries, float label)
    {
        Body(body);
        Body(values);
        _labels.Add(label);
        if (_heading.Format == RowFormat.Sparse)
        {
            _starts.Add(_starts[^1] + entries);
        }
    }

    internal override void Rows(ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        Body(MemoryMarshal.AsBytes(values));
        _labels.AddRange(labels);
    }

    /// <summary>Maps the labels, writes what is left and the header, flushes.</summary>
    internal override void Finish()
    {
        LabelMapping.Apply(_heading.Map, _heading.Classes, CollectionsMarshal.AsSpan(_labels), _heading.File);
        Align();
        var labels = _position;
        Body(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_labels)));
        Align();
        var starts = _position;
        if (_heading.Format == RowFormat.Sparse)
        {
            Body(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        var header = new DatasetHeader
        {
            Features = _heading.Features,
            Classes = _heading.Classes,
            Format = _heading.Format,
            NameLength = _nameLength,
            Count = Count,
            NonZeros = _starts[^1],
            LabelsOffset = labels,
            StartsOffset = starts,
            FileLength = _position,
            BodyCrc = _crc,
            Fingerprint = BinaryPrimitives.ReadUInt128BigEndian(digest),
        };
        Span<byte> head = stackalloc byte[DatasetHeader.Size];
        header.Write(head);
        output.Position = 0;
        output.Write(head);
        output.Flush();
        _hash.Dispose();
    }

    private void Align()
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        Body(zeros[..(int)(-_position & 63)]);
    }

    private void Body(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _crc = Checksum.Crc32C(bytes, _crc);
        _hash.AppendData(bytes);
        _position += bytes.Length;
    }
}
