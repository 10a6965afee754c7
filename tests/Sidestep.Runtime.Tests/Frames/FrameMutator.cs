using System.Buffers.Binary;

namespace Sidestep.Runtime.Tests.Frames;

/// <summary>Damages a frame in ways that know its structure; half of the time the checksums are made to fit again.</summary>
internal sealed class FrameMutator(byte[][] others)
{
    private static readonly (int Offset, int Size)[] Fields =
    [
        (4, 1), (5, 1), (6, 2), (8, 4), (12, 4), (16, 8), (24, 4), (28, 4), (32, 8), (40, 4), (44, 4), (48, 8),
        (64, 4), (68, 2), (70, 2), (72, 8), (80, 8), (88, 8),
    ];

    private static readonly long[] Boundaries =
    [
        0, 1, -1, 2, 31, 32, 33, 63, 64, 65, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_536, 65_537, (4 << 20) + 32, (4 << 20) + 33,
        int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue,
    ];

    /// <summary>Writes a damaged copy of a frame; returns its length.</summary>
    public int Mutate(ReadOnlySpan<byte> frame, Span<byte> to, ref Rng rng)
    {
        frame.CopyTo(to);
        var length = frame.Length;
        for (var rounds = rng.Next(8) == 0 ? 2 : 1; rounds > 0; rounds--)
        {
            length = Once(to, length, ref rng);
        }

        if (rng.Next(2) == 0 && length >= FrameHeader.Bytes)
        {
            Mend(to[..length]);
        }

        return length;
    }

    private static void Mend(Span<byte> frame)
    {
        var claimed = BinaryPrimitives.ReadInt32LittleEndian(frame[12..]);
        var body = frame[FrameHeader.Bytes..];
        body = claimed >= 0 && claimed < body.Length ? body[..claimed] : body;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[56..], Checksum.Crc32C(body));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[60..], Checksum.Crc32C(frame[..60]));
    }

    private int Once(Span<byte> frame, int length, ref Rng rng)
    {
        switch (rng.Next(9))
        {
            case 0:
                frame[rng.Next(length)] ^= (byte)(1 << rng.Next(8));
                return length;
            case 1:
                frame[rng.Next(length)] = (byte)rng.NextUInt32();
                return length;
            case 2 when length >= 4:
                BinaryPrimitives.WriteUInt32LittleEndian(frame[rng.Next(length - 3)..], rng.NextUInt32());
                return length;
            case 3:
                return 1 + rng.Next(length);
            case 4:
                return Splice(frame, length, ref rng);
            case 5 when length * 2 <= frame.Length:
                frame[..length].CopyTo(frame[length..]);
                return length * 2;
            case 6 when length >= 8:
                // Any type of the set, or one beside it.
                BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], (ushort)rng.Next(44));
                return length;
            default:
                Edit(frame[..length], ref rng);
                return length;
        }
    }

    private int Splice(Span<byte> frame, int length, ref Rng rng)
    {
        var other = others[rng.Next(others.Length)];
        int keep = rng.Next(length), from = rng.Next(other.Length);
        var tail = other.AsSpan(from, Math.Min(other.Length - from, frame.Length - keep));
        tail.CopyTo(frame[keep..]);
        return keep + tail.Length;
    }

    private static void Edit(Span<byte> frame, ref Rng rng)
    {
        var (offset, size) = Fields[rng.Next(Fields.Length)];
        if (offset + size > frame.Length)
        {
            return;
        }

        Span<byte> value = stackalloc byte[8];
        value.Clear();
        frame.Slice(offset, size).CopyTo(value);
        var now = BinaryPrimitives.ReadInt64LittleEndian(value);
        BinaryPrimitives.WriteInt64LittleEndian(value, rng.Next(3) switch
        {
            0 => now + 1,
            1 => now - 1,
            _ => Boundaries[rng.Next(Boundaries.Length)],
        });
        value[..size].CopyTo(frame[offset..]);
    }
}
