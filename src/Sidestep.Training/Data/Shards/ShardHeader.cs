using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>The first page of a shard file, little-endian. Layout: docs/data-format.md.</summary>
internal readonly record struct ShardHeader
{
    internal const uint Version = 1;

    /// <summary>Bytes of the header; rows start here.</summary>
    internal const int Size = 4096;

    /// <summary>Bytes of a block that has a checksum of its own. The first block starts after the header.</summary>
    internal const int Block = 1 << 16;

    private const ulong Magic = 0x31_44_52_48_53_45_44_53; // "SDESHRD1"

    internal RowFormat Format { get; init; }

    internal long FirstRow { get; init; }

    internal long Rows { get; init; }

    internal int Features { get; init; }

    internal int Classes { get; init; }

    internal long Entries { get; init; }

    internal long LabelsOffset { get; init; }

    internal long StartsOffset { get; init; }

    /// <summary>Where the checksums of the blocks start, which is where the last block ends.</summary>
    internal long ChecksumsOffset { get; init; }

    internal long FileLength { get; init; }

    internal int Index { get; init; }

    /// <summary>CRC-32C of the blocks' checksums, as they are stored.</summary>
    internal uint ChecksumsCrc { get; init; }

    /// <summary>Of the whole data set.</summary>
    internal UInt128 Fingerprint { get; init; }

    /// <summary>Number of blocks between header and checksums.</summary>
    internal int Blocks => BlocksIn(ChecksumsOffset);

    internal static int BlocksIn(long checksumsOffset) => checked((int)((checksumsOffset - Size + Block - 1) / Block));

    /// <summary>Writes it with its own checksum.</summary>
    internal void Write(Span<byte> target)
    {
        target[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], (int)Format);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], FirstRow);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Rows);
        BinaryPrimitives.WriteInt32LittleEndian(target[32..], Features);
        BinaryPrimitives.WriteInt32LittleEndian(target[36..], Classes);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], Entries);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], LabelsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[56..], StartsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[64..], ChecksumsOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[72..], FileLength);
        BinaryPrimitives.WriteInt32LittleEndian(target[80..], Index);
        BinaryPrimitives.WriteUInt32LittleEndian(target[84..], StoredChecksum.Of(ChecksumsCrc));
        BinaryPrimitives.WriteUInt128LittleEndian(target[88..], Fingerprint);
        BinaryPrimitives.WriteUInt32LittleEndian(target[(Size - 4)..], StoredChecksum.Of(Checksum.Crc32C(target[..(Size - 4)])));
    }

    /// <summary>Reads it; null and the reason if it is none, of another version, or damaged.</summary>
    internal static ShardHeader? Read(ReadOnlySpan<byte> source, out string why)
    {
        why = "";
        var stored = StoredChecksum.Crc(BinaryPrimitives.ReadUInt32LittleEndian(source[(Size - 4)..]));
        var measured = Checksum.Crc32C(source[..(Size - 4)]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic)
        {
            why = "does not begin like a shard";
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) is var version && version != Version)
        {
            why = FormattableString.Invariant($"is of version {version}; this program reads version {Version}");
        }
        else if (stored != measured)
        {
            why = FormattableString.Invariant($"bytes 0 to {Size - 1} (the header): checksum {measured:x8}, expected {stored:x8}");
        }

        return why.Length > 0 ? null : new ShardHeader
        {
            Format = (RowFormat)BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            FirstRow = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            Rows = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            Features = BinaryPrimitives.ReadInt32LittleEndian(source[32..]),
            Classes = BinaryPrimitives.ReadInt32LittleEndian(source[36..]),
            Entries = BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
            LabelsOffset = BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
            StartsOffset = BinaryPrimitives.ReadInt64LittleEndian(source[56..]),
            ChecksumsOffset = BinaryPrimitives.ReadInt64LittleEndian(source[64..]),
            FileLength = BinaryPrimitives.ReadInt64LittleEndian(source[72..]),
            Index = BinaryPrimitives.ReadInt32LittleEndian(source[80..]),
            ChecksumsCrc = StoredChecksum.Crc(BinaryPrimitives.ReadUInt32LittleEndian(source[84..])),
            Fingerprint = BinaryPrimitives.ReadUInt128LittleEndian(source[88..]),
        };
    }

    /// <summary>Whether the sections follow each other as they must, so that no row can lead outside the file.</summary>
    internal bool IsSound()
    {
        var sparse = Format == RowFormat.Sparse;
        var stride = Format == RowFormat.Bytes ? Features : Features * (Int128)sizeof(float);
        var rows = sparse ? Entries * (Int128)8 : Rows * stride;
        var labels = Align(Size + rows);
        var starts = Align(labels + (Rows * (Int128)sizeof(float)));
        var end = sparse ? Align(starts + ((Rows + (Int128)1) * sizeof(long))) : starts;
        return Format is RowFormat.Bytes or RowFormat.Floats or RowFormat.Sparse
            && Rows >= 1 && Features >= 1 && Entries >= 0 && FirstRow >= 0
            && LabelsOffset == labels && StartsOffset == (sparse ? starts : 0) && ChecksumsOffset == end
            && FileLength == end + (Blocks * (Int128)sizeof(uint));
    }

    private static Int128 Align(Int128 offset) => (offset + 63) / 64 * 64;
}
