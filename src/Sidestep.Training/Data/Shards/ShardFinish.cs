using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Training;

/// <summary>The second pass of an import, over labels, row starts and checksums only.</summary>
internal sealed class ShardFinish(string folder, LabelPlan plan, int features, bool sparse)
{
    private readonly IncrementalHash _labelsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _lengthsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly float[] _labels = new float[1 << 16];
    private readonly byte[] _block = new byte[ShardHeader.Block];

    /// <summary>Maps a shard's labels in the file, hashes them (and the lengths of sparse rows), and renews the checksums of their blocks.</summary>
    internal void Labels(ShardHeader shard)
    {
        using var file = File.OpenHandle(PathOf(shard), FileMode.Open, FileAccess.ReadWrite);
        for (long row = 0; row < shard.Rows; row += _labels.Length)
        {
            var part = _labels.AsSpan(0, (int)Math.Min(_labels.Length, shard.Rows - row));
            var offset = shard.LabelsOffset + (row * sizeof(float));
            RandomAccess.Read(file, MemoryMarshal.AsBytes(part), offset);
            plan.Apply(part);
            RandomAccess.Write(file, MemoryMarshal.AsBytes(part), offset);
            _labelsHash.AppendData(MemoryMarshal.AsBytes(part));
        }

        if (sparse)
        {
            ShardHash.Lengths(file, shard, _lengthsHash);
        }

        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        for (var block = (int)((shard.LabelsOffset - ShardHeader.Size) / ShardHeader.Block); block < shard.Blocks; block++)
        {
            var start = ShardHeader.Size + ((long)block * ShardHeader.Block);
            var bytes = _block.AsSpan(0, (int)Math.Min(ShardHeader.Block, shard.ChecksumsOffset - start));
            RandomAccess.Read(file, bytes, start);
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, StoredChecksum.Of(Checksum.Crc32C(bytes)));
            RandomAccess.Write(file, checksum, shard.ChecksumsOffset + ((long)block * sizeof(uint)));
        }
    }

    /// <summary>The data set's fingerprint; call after the labels of all shards.</summary>
    internal UInt128 Fingerprint(ReadOnlySpan<byte> rows, RowFormat format) =>
        ShardHash.Fingerprint(rows, _labelsHash.GetHashAndReset(), _lengthsHash.GetHashAndReset(), format, features, plan.Classes);

    /// <summary>Writes a shard's header and makes sure that all of it is on the disk.</summary>
    internal ShardEntry Seal(ShardHeader shard, UInt128 fingerprint)
    {
        var path = PathOf(shard);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var checksums = new byte[shard.Blocks * sizeof(uint)];
        RandomAccess.Read(file, checksums, shard.ChecksumsOffset);
        var head = new byte[ShardHeader.Size];
        var header = shard with { Features = features, Classes = plan.Classes, Fingerprint = fingerprint, ChecksumsCrc = Checksum.Crc32C(checksums) };
        header.Write(head);
        RandomAccess.Write(file, head, 0);
        Os.Sync(file, path);

        // The whole file's checksum, from those of its pieces.
        var crc = Checksum.Crc32C(head);
        for (var block = 0; block < shard.Blocks; block++)
        {
            var start = ShardHeader.Size + ((long)block * ShardHeader.Block);
            var piece = StoredChecksum.Crc(BinaryPrimitives.ReadUInt32LittleEndian(checksums.AsSpan(block * sizeof(uint))));
            crc = Checksum.Combine(crc, piece, Math.Min(ShardHeader.Block, shard.ChecksumsOffset - start));
        }

        crc = Checksum.Combine(crc, header.ChecksumsCrc, checksums.Length);
        return new ShardEntry(ShardSink.FileOf(shard.Index), shard.Rows, shard.FileLength, FormattableString.Invariant($"{crc:x8}"));
    }

    private string PathOf(ShardHeader shard) => Path.Combine(folder, ShardSink.FileOf(shard.Index));
}
