using System.Buffers.Binary;

namespace Sidestep.Runtime;

/// <summary>The 32-byte sub-header of frames that carry a message.</summary>
/// <param name="Row">The row, or −1.</param>
/// <param name="Codec">Wire id of the payload's codec; 0: raw.</param>
/// <param name="Fingerprint">Of the model.</param>
/// <param name="Value">The loss, or another number of the topic's own.</param>
/// <param name="Total">Bytes of the whole payload, over all chunks.</param>
public readonly record struct DataHeader(int Row, ushort Codec, ulong Fingerprint, double Value, long Total)
{
    /// <summary>Bytes of a sub-header.</summary>
    public const int Bytes = 32;

    private const ushort CodecVersion = 1;

    /// <summary>Writes the sub-header.</summary>
    /// <param name="to">At least <see cref="Bytes"/>.</param>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Row);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Codec);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], CodecVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Fingerprint);
        BinaryPrimitives.WriteDoubleLittleEndian(to[16..], Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Total);
    }

    /// <summary>Reads a sub-header.</summary>
    /// <param name="from">At least <see cref="Bytes"/>.</param>
    /// <param name="header">The sub-header.</param>
    public static RejectCode Read(ReadOnlySpan<byte> from, out DataHeader header)
    {
        header = new DataHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from),
            BinaryPrimitives.ReadUInt16LittleEndian(from[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadDoubleLittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]));
        return BinaryPrimitives.ReadUInt16LittleEndian(from[6..]) == CodecVersion ? RejectCode.None : RejectCode.Version;
    }
}
