using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>The first 128 bytes of a decoded data set, little-endian; the name, the rows, the labels and (sparse) the row starts follow.</summary>
internal readonly record struct DatasetHeader
{
    /// <summary>Goes up whenever the layout or a decoder's result changes, so that old cache files are not used.</summary>
    internal const uint Version = 1;

    internal const int Size = 128;

    /// <summary>Rows start here, so that they are aligned and the name has room.</summary>
    internal const int RowsOffset = 512;

    internal const int MaxName = RowsOffset - Size;

    private const ulong Magic = 0x31_41_54_41_44_45_44_53; // "SDEDATA1"

    internal RowFormat Format { get; init; }

    internal long Count { get; init; }

    internal int Features { get; init; }

    internal int Classes { get; init; }

    internal long NonZeros { get; init; }

    internal int NameLength { get; init; }

    internal long LabelsOffset { get; init; }

    internal long StartsOffset { get; init; }

    internal long FileLength { get; init; }

    /// <summary>CRC-32C of all bytes after the header.</summary>
    internal uint BodyCrc { get; init; }

    /// <summary>First 128 bits of the SHA-256 of the body.</summary>
    internal UInt128 Fingerprint { get; init; }

    /// <summary>Writes it with its own checksum.</summary>
    internal void Write(Span<byte> target)
    {
        target[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], (int)Format);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], Features);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], Classes);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], NonZeros);
        BinaryPrimitives.WriteInt32LittleEndian(target[40..], NameLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], LabelsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[56..], StartsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[64..], FileLength);
        BinaryPrimitives.WriteUInt32LittleEndian(target[72..], BodyCrc);
        BinaryPrimitives.WriteUInt128LittleEndian(target[80..], Fingerprint);
        BinaryPrimitives.WriteUInt32LittleEndian(target[(Size - 4)..], Checksum.Crc32C(target[..(Size - 4)]));
    }

    /// <summary>Reads it; false if it is none, of another version, damaged, or of a file of another length.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, long fileLength, out DatasetHeader header)
    {
        header = default;
        if (BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[(Size - 4)..]) != Checksum.Crc32C(source[..(Size - 4)]))
        {
            return false;
        }

        header = new DatasetHeader
        {
            Format = (RowFormat)BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            Count = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            Features = BinaryPrimitives.ReadInt32LittleEndian(source[24..]),
            Classes = BinaryPrimitives.ReadInt32LittleEndian(source[28..]),
            NonZeros = BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            NameLength = BinaryPrimitives.ReadInt32LittleEndian(source[40..]),
            LabelsOffset = BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
            StartsOffset = BinaryPrimitives.ReadInt64LittleEndian(source[56..]),
            FileLength = BinaryPrimitives.ReadInt64LittleEndian(source[64..]),
            BodyCrc = BinaryPrimitives.ReadUInt32LittleEndian(source[72..]),
            Fingerprint = BinaryPrimitives.ReadUInt128LittleEndian(source[80..]),
        };
        return header.FileLength == fileLength;
    }
}
