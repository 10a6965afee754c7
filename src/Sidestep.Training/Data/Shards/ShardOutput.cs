using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Training;

/// <summary>Writes one shard while rows come in: rows at once, then labels and row starts, then the blocks' checksums. The header comes at the very end.</summary>
/// <remarks>Memory: 1 MiB, and 4 bytes a row (sparse: 12).</remarks>
internal sealed class ShardOutput : IDisposable
{
    private readonly Stream _file;
    private readonly RowFormat _format;
    private readonly IncrementalHash _hash;
    private readonly List<float> _labels = [];
    private readonly List<long> _starts = [0];
    private readonly List<uint> _checksums = [];
    private readonly byte[] _buffer = new byte[16 * ShardHeader.Block];
    private int _filled;
    private int _hashed;
    private long _position = ShardHeader.Size;

    /// <summary>Begins a shard.</summary>
    /// <param name="file">An empty file.</param>
    /// <param name="format">The kind of rows.</param>
    /// <param name="hash">Takes the bytes of the rows.</param>
    internal ShardOutput(Stream file, RowFormat format, IncrementalHash hash)
    {
        (_file, _format, _hash) = (file, format, hash);
        _file.Write(_buffer.AsSpan(0, ShardHeader.Size));
    }

    internal long Rows => _labels.Count;

    /// <summary>Bytes of the file if it ended here, but for alignment.</summary>
    internal long Length => _position + _filled + (_labels.Count * (long)(_format == RowFormat.Sparse ? 12 : 4));

    internal void Row(ReadOnlySpan<byte> body, ReadOnlySpan<byte> values, int entries, float label)
    {
        Body(body);
        Body(values);
        _labels.Add(label);
        if (_format == RowFormat.Sparse)
        {
            _starts.Add(_starts[^1] + entries);
        }
    }

    internal void RowsOf(ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        Body(MemoryMarshal.AsBytes(values));
        _labels.AddRange(labels);
    }

    /// <summary>Writes labels as they came, row starts and checksums.</summary>
    /// <returns>The header, but for what only the whole data set tells.</returns>
    internal ShardHeader Finish(int index, long firstRow)
    {
        // What was hashed so far are the rows; labels are hashed when they are mapped.
        HashRows();
        Align();
        var labels = _position + _filled;
        Tail(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_labels)));
        Align();
        var starts = _position + _filled;
        if (_format == RowFormat.Sparse)
        {
            Tail(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
            Align();
        }

        Flush();
        var end = _position;
        _file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_checksums)));
        _file.Flush();
        return new ShardHeader
        {
            Format = _format,
            FirstRow = firstRow,
            Rows = Rows,
            Entries = _starts[^1],
            LabelsOffset = labels,
            StartsOffset = _format == RowFormat.Sparse ? starts : 0,
            ChecksumsOffset = end,
            FileLength = end + (_checksums.Count * sizeof(uint)),
            Index = index,
        };
    }

    public void Dispose() => _file.Dispose();

    private void Body(ReadOnlySpan<byte> bytes) => Append(bytes, hashed: true);

    private void Tail(ReadOnlySpan<byte> bytes) => Append(bytes, hashed: false);

    private void Append(ReadOnlySpan<byte> bytes, bool hashed)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, _buffer.Length - _filled)];
            part.CopyTo(_buffer.AsSpan(_filled));
            _filled += part.Length;
            bytes = bytes[part.Length..];
            if (_filled == _buffer.Length)
            {
                if (hashed)
                {
                    HashRows();
                }

                Flush();
            }
        }
    }

    private void HashRows()
    {
        _hash.AppendData(_buffer.AsSpan(_hashed, _filled - _hashed));
        _hashed = _filled;
    }

    private void Align()
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        Tail(zeros[..(int)(-(_position + _filled) & 63)]);
    }

    private void Flush()
    {
        for (var at = 0; at < _filled; at += ShardHeader.Block)
        {
            _checksums.Add(StoredChecksum.Of(Checksum.Crc32C(_buffer.AsSpan(at, Math.Min(ShardHeader.Block, _filled - at)))));
        }

        _file.Write(_buffer.AsSpan(0, _filled));
        _position += _filled;
        (_filled, _hashed) = (0, 0);
    }
}
