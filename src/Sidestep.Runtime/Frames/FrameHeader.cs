using System.Buffers.Binary;

namespace Sidestep.Runtime;

/// <summary>The 64-byte header of every frame: little-endian, fixed, canonical (one value, one encoding).</summary>
/// <param name="Type">What the frame is.</param>
/// <param name="Channel">The message's channel; 0: none. Upper half of the flags.</param>
/// <param name="Length">Bytes after the header, sub-header included.</param>
/// <param name="Job">The run.</param>
/// <param name="Generation">The coordinator's life.</param>
/// <param name="Epoch">The code table's epoch.</param>
/// <param name="Round">The round (step).</param>
/// <param name="Slot">The worker's slot of the link; on a link between workers the sender's.</param>
/// <param name="Chunk">Index of the chunk of a message, from 0.</param>
/// <param name="Sequence">Per session and direction, from 1, without gaps.</param>
/// <param name="BodyChecksum">CRC-32C of the bytes after the header.</param>
public readonly record struct FrameHeader(
    FrameType Type, ushort Channel, int Length, ulong Job, uint Generation, uint Epoch, long Round, int Slot, int Chunk, long Sequence, uint BodyChecksum)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 64;

    /// <summary>Largest payload of one frame; longer messages are chunked.</summary>
    public const int ChunkBytes = 4 << 20;

    /// <summary>Protocol version spoken.</summary>
    public const byte Major = 1, Minor = 0;

    private const uint Magic = 0x50445331;

    /// <summary>Writes the header.</summary>
    /// <param name="to">At least <see cref="Bytes"/>.</param>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        to[4] = Major;
        to[5] = Minor;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)Channel << 16);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Job);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], Round);
        BinaryPrimitives.WriteInt32LittleEndian(to[40..], Slot);
        BinaryPrimitives.WriteInt32LittleEndian(to[44..], Chunk);
        BinaryPrimitives.WriteInt64LittleEndian(to[48..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(to[56..], BodyChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], Checksum.Crc32C(to[..60]));
    }

    /// <summary>Reads a header; nothing but its own soundness is judged here.</summary>
    /// <param name="from">At least <see cref="Bytes"/>.</param>
    /// <param name="header">The header.</param>
    public static RejectCode Read(ReadOnlySpan<byte> from, out FrameHeader header)
    {
        header = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic)
        {
            return RejectCode.Magic;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) != Checksum.Crc32C(from[..60]))
        {
            return RejectCode.HeaderChecksum;
        }

        if (from[4] != Major || from[5] != Minor)
        {
            return RejectCode.Version;
        }

        var type = (FrameType)BinaryPrimitives.ReadUInt16LittleEndian(from[6..]);
        if (!FrameTypes.IsKnown(type))
        {
            return RejectCode.Type;
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]);
        header = new FrameHeader(
            type,
            (ushort)(flags >> 16),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[44..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[56..]));
        var data = FrameTypes.IsData(type);
        return (flags & 0xFFFF) != 0 || (!data && (header.Channel != 0 || header.Round != 0 || header.Chunk != 0))
            ? RejectCode.Reserved
            : RejectCode.None;
    }
}
