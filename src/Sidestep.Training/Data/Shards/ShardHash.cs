using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Sidestep.Training;

/// <summary>The fingerprint of an imported data set: the same however its rows are cut into shards.</summary>
internal static class ShardHash
{
    /// <summary>First 128 bits of SHA-256(SHA-256(rows) ‖ SHA-256(labels) ‖ SHA-256(entries of each sparse row, 64 bits each) ‖ format, features, classes, 32 bits each).</summary>
    internal static UInt128 Fingerprint(ReadOnlySpan<byte> rows, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lengths, RowFormat format, int features, int classes)
    {
        Span<byte> all = stackalloc byte[(3 * SHA256.HashSizeInBytes) + (3 * sizeof(int))];
        rows.CopyTo(all);
        labels.CopyTo(all[SHA256.HashSizeInBytes..]);
        lengths.CopyTo(all[(2 * SHA256.HashSizeInBytes)..]);
        var rest = all[(3 * SHA256.HashSizeInBytes)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, (int)format);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], features);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], classes);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>Appends the number of entries of each row of a sparse shard.</summary>
    internal static void Lengths(SafeFileHandle file, ShardHeader shard, IncrementalHash hash)
    {
        var starts = new long[1 << 13];
        for (long row = 0; row < shard.Rows; row += starts.Length - 1)
        {
            var part = starts.AsSpan(0, (int)Math.Min(starts.Length, shard.Rows - row + 1));
            RandomAccess.Read(file, MemoryMarshal.AsBytes(part), shard.StartsOffset + (row * sizeof(long)));
            for (var i = 0; i + 1 < part.Length; i++)
            {
                part[i] = part[i + 1] - part[i];
            }

            hash.AppendData(MemoryMarshal.AsBytes(part[..^1]));
        }
    }
}
