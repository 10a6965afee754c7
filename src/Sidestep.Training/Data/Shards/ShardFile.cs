using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>One shard: mapped when it is first read; each block of 64 KiB is held against its checksum when this process first reads it.</summary>
internal sealed class ShardFile : ByteStore
{
    private readonly string _path;
    private readonly ShardHeader _header;
    private readonly ResidentPages? _pages;
    private readonly Lock _gate = new();
    private readonly byte[] _checked;
    private MappedStore? _mapped;

    private ShardFile(string path, ShardHeader header, ResidentPages? pages)
    {
        (_path, _header, _pages) = (path, header, pages);
        _checked = new byte[(header.Blocks + 7) / 8];
    }

    internal ShardHeader Header => _header;

    internal override long Length => _header.ChecksumsOffset;

    /// <summary>Opens a shard and holds its header against the manifest; no row is read.</summary>
    /// <exception cref="DataException">It is missing, of another length, damaged, or of another data set.</exception>
    internal static ShardFile Open(string folder, ShardManifest manifest, int index, long firstRow, ResidentPages? pages)
    {
        var entry = manifest.Shards[index];
        var path = Path.Combine(folder, entry.File);
        var header = ReadHeader(path, entry, manifest);
        var same = header.Index == index && header.FirstRow == firstRow && header.Rows == entry.Rows && header.FileLength == entry.Bytes
            && header.Features == manifest.Features && header.Classes == manifest.Classes && header.Format == manifest.RowFormat;
        return same && header.IsSound() ? new ShardFile(path, header, pages) : throw new DataException(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: is shard {header.Index} with rows {header.FirstRow}..{header.FirstRow + header.Rows - 1} of {header.Features} features and {header.Classes} classes ({header.Format}); the manifest has shard {index} with rows {firstRow}..{firstRow + entry.Rows - 1} of {manifest.Features} and {manifest.Classes} ({manifest.RowFormat})"));
    }

    internal override ReadOnlySpan<byte> View(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, ShardHeader.Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        var mapped = Volatile.Read(ref _mapped) ?? Map();
        _pages?.Count(length);
        if (length > 0)
        {
            var last = (int)((offset + length - 1 - ShardHeader.Size) / ShardHeader.Block);
            for (var block = (int)((offset - ShardHeader.Size) / ShardHeader.Block); block <= last; block++)
            {
                if ((Volatile.Read(ref _checked[block >> 3]) & (1 << (block & 7))) == 0)
                {
                    Check(mapped, block);
                }
            }
        }

        return mapped.View(offset, length);
    }

    private static ShardHeader ReadHeader(string path, ShardEntry entry, ShardManifest manifest)
    {
        var bytes = new byte[ShardHeader.Size];
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length != entry.Bytes)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: has {length} bytes, the manifest says {entry.Bytes}: {(length < entry.Bytes ? "it is cut off" : "bytes were added")}"));
            }

            if (RandomAccess.Read(file, bytes, 0) < bytes.Length)
            {
                throw new DataException($"{path}: has {length} bytes; a shard's header has {ShardHeader.Size}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(path, error);
        }

        var header = ShardHeader.Read(bytes, out var why) ?? throw new DataException($"{path}: {why}");
        var fingerprint = header.Fingerprint.ToString("x32", CultureInfo.InvariantCulture);
        return fingerprint == manifest.Fingerprint ? header : throw new DataException(
            $"{path}: belongs to the data set {fingerprint}, but the manifest is of {manifest.Fingerprint}: manifest and shards are of different imports");
    }

    private MappedStore Map()
    {
        lock (_gate)
        {
            if (_mapped is { } there)
            {
                return there;
            }

            MappedStore mapped;
            try
            {
                mapped = new MappedStore(_path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw DataFile.Unreadable(_path, error);
            }

            if (mapped.Length != _header.FileLength)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture, $"{_path}: has {mapped.Length} bytes now, and had {_header.FileLength} when it was opened"));
            }

            mapped.AdviseRandomReads();
            ResidentPages.Add(mapped);
            var measured = Sidestep.Checksum.Crc32C(mapped.View(_header.ChecksumsOffset, _header.Blocks * sizeof(uint)));
            if (measured != _header.ChecksumsCrc)
            {
                throw Damaged(_header.ChecksumsOffset, _header.FileLength, _header.ChecksumsCrc, measured);
            }

            Volatile.Write(ref _mapped, mapped);
            return mapped;
        }
    }

    private void Check(MappedStore mapped, int block)
    {
        var start = ShardHeader.Size + ((long)block * ShardHeader.Block);
        var end = Math.Min(start + ShardHeader.Block, _header.ChecksumsOffset);
        var expected = StoredChecksum.Crc(
            MemoryMarshal.Read<uint>(mapped.View(_header.ChecksumsOffset + ((long)block * sizeof(uint)), sizeof(uint))));
        _pages?.Count(end - start);
        mapped.WillRead(start, end - start);
        var measured = Sidestep.Checksum.Crc32C(mapped.View(start, (int)(end - start)));
        if (measured != expected)
        {
            throw Damaged(start, end, expected, measured);
        }

        lock (_gate)
        {
            _checked[block >> 3] |= (byte)(1 << (block & 7));
        }
    }

    private DataException Damaged(long start, long end, uint expected, uint measured) => new(string.Create(
        CultureInfo.InvariantCulture, $"{_path}, bytes {start} to {end - 1}: checksum {measured:x8}, expected {expected:x8}: the shard is damaged; import it again or copy it anew"));
}
