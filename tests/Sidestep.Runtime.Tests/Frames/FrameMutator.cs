using System.Buffers.Binary;

namespace Sidestep.Runtime.Tests.Frames;

/// <summary>Damages encoded frames with knowledge of their structure; half of the results carry checksums that fit again.</summary>
internal sealed class FrameMutator(ulong seed, IReadOnlyList<byte[]> corpus)
{
    private const int MostEdits = 3;

    private static readonly (int At, int Bytes)[] Fields =
    [
        (0, 4), (4, 1), (5, 1), (6, 2), (8, 4), (12, 4), (16, 8), (24, 4), (28, 4), (32, 8), (40, 4), (44, 4), (48, 8), (56, 4), (60, 4),
        (64, 4), (68, 2), (70, 2), (72, 8), (80, 8), (88, 8),
    ];

    private static readonly long[] Boundaries =
    [
        0, 1, 2, -1, 31, 32, 33, 63, 64, 96, 127, 128, 255, 256, 4095, 4096, 4097, 65535, 65536, 65537, FrameHeader.ChunkBytes - 1, FrameHeader.ChunkBytes,
        FrameHeader.ChunkBytes + DataHeader.Bytes, FrameHeader.ChunkBytes + DataHeader.Bytes + 1, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32,
        long.MaxValue, long.MinValue, BitConverter.DoubleToInt64Bits(double.NaN),
    ];

    private readonly byte[] _bytes = new byte[8192];
    private Rng _rng = new(seed, Purpose.Test, 0, 0, 0);

    /// <summary>A damaged copy of a corpus entry; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(int entry)
    {
        var count = corpus[entry].Length;
        corpus[entry].CopyTo(_bytes, 0);
        for (var edits = 1 + _rng.Next(MostEdits); edits > 0 && count > 0; edits--)
        {
            count = Edit(count);
        }

        if (_rng.Next(2) == 0)
        {
            FixUp(count, body: _rng.Next(3) != 0);
        }

        return _bytes.AsSpan(0, count);
    }

    private int Edit(int count)
    {
        var at = _rng.Next(count);
        switch (_rng.Next(9))
        {
            case 0:
                _bytes[at] ^= (byte)(1 << _rng.Next(8));
                return count;
            case 1:
                _bytes[at] = (byte)_rng.Next(256);
                return count;
            case 2:
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), _rng.Next(int.MaxValue));
                return count;
            case 3:
                return at;
            case 4:
                return Splice(at);
            case 5:
                return Repeat(at, count);
            default:
                EditField();
                return count;
        }
    }

    // The beginning of one frame, then another from the same distance on.
    private int Splice(int at)
    {
        var other = corpus[_rng.Next(corpus.Count)];
        if (at >= other.Length)
        {
            return at;
        }

        other.AsSpan(at).CopyTo(_bytes.AsSpan(at));
        return other.Length;
    }

    private int Repeat(int at, int count)
    {
        var length = Math.Min(Math.Min(1 + _rng.Next(256), count - at), _bytes.Length - count);
        _bytes.AsSpan(at, count - at - length).CopyTo(_bytes.AsSpan(at + length));
        return count;
    }

    private void EditField()
    {
        var (at, bytes) = Fields[_rng.Next(Fields.Length)];
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, _rng.Next(2) == 0 ? Boundaries[_rng.Next(Boundaries.Length)] : _rng.Next(64));
        value[..bytes].CopyTo(_bytes.AsSpan(at));
    }

    // Walks along the frames as their lengths say.
    private void FixUp(int count, bool body)
    {
        for (var at = 0; at + FrameHeader.Bytes <= count;)
        {
            var header = _bytes.AsSpan(at, FrameHeader.Bytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
            var rest = count - at - FrameHeader.Bytes;
            if (body && length >= 0 && length <= rest)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header[56..], Checksum.Crc32C(_bytes.AsSpan(at + FrameHeader.Bytes, length)));
            }

            BinaryPrimitives.WriteUInt32LittleEndian(header[60..], Checksum.Crc32C(header[..60]));
            if (length < 0 || length > rest)
            {
                return;
            }

            at += FrameHeader.Bytes + length;
        }
    }
}
