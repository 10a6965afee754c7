using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Sidestep.Training;

/// <summary>Holds every byte of an imported data set against its checksums.</summary>
public static class ShardVerify
{
    /// <summary>Reads all shards once; memory: 1 MiB.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="progress">Hears the bytes read and the bytes there are.</param>
    /// <param name="stop">Checked for every MiB.</param>
    /// <returns>What is wrong, one sentence each, with shard, byte range, expected and measured checksum; empty: nothing.</returns>
    /// <exception cref="DataException">The manifest cannot be used.</exception>
    public static IReadOnlyList<string> Run(string folder, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        var manifest = ShardManifest.Load(folder);
        using var pass = new Pass(folder, manifest, progress, stop);
        long row = 0;
        for (var index = 0; index < manifest.Shards.Length; index++)
        {
            pass.Shard(index, row);
            row += manifest.Shards[index].Rows;
        }

        return pass.Finish();
    }

    private sealed class Pass(string folder, ShardManifest manifest, Action<long, long>? progress, CancellationToken stop) : IDisposable
    {
        private readonly IncrementalHash _rows = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _labels = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _lengths = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly List<string> _wrong = [];
        private readonly byte[] _buffer = new byte[16 * ShardHeader.Block];
        private readonly long _total = manifest.Shards.Sum(s => s.Bytes);
        private long _read;

        public void Dispose()
        {
            _rows.Dispose();
            _labels.Dispose();
            _lengths.Dispose();
        }

        public void Shard(int index, long firstRow)
        {
            var entry = manifest.Shards[index];
            var path = Path.Combine(folder, entry.File);
            try
            {
                var header = ShardFile.Open(folder, manifest, index, firstRow, null).Header;
                using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
                Bytes(file, path, entry, header);
                if (header.Format == RowFormat.Sparse)
                {
                    ShardHash.Lengths(file, header, _lengths);
                }
            }
            catch (DataException error)
            {
                _wrong.Add(error.Message);
            }
            catch (IOException error)
            {
                _wrong.Add($"{path}: cannot be read: {error.Message}");
            }
        }

        public IReadOnlyList<string> Finish()
        {
            if (_wrong.Count == 0)
            {
                var measured = ShardHash.Fingerprint(
                    _rows.GetHashAndReset(), _labels.GetHashAndReset(), _lengths.GetHashAndReset(), manifest.RowFormat, manifest.Features, manifest.Classes)
                    .ToString("x32", CultureInfo.InvariantCulture);
                if (measured != manifest.Fingerprint)
                {
                    _wrong.Add($"{folder}: all checksums fit, but the fingerprint of the rows is {measured}, expected {manifest.Fingerprint}");
                }
            }

            return _wrong;
        }

        private void Bytes(SafeFileHandle file, string path, ShardEntry entry, in ShardHeader header)
        {
            var checksums = new byte[header.Blocks * sizeof(uint)];
            RandomAccess.Read(file, _buffer.AsSpan(0, ShardHeader.Size), 0);
            var whole = Checksum.Crc32C(_buffer.AsSpan(0, ShardHeader.Size));
            RandomAccess.Read(file, checksums, header.ChecksumsOffset);
            var tableCrc = Checksum.Crc32C(checksums);
            var before = _wrong.Count;
            if (tableCrc != header.ChecksumsCrc)
            {
                Wrong(path, header.ChecksumsOffset, header.FileLength, header.ChecksumsCrc, tableCrc);
            }

            for (long start = ShardHeader.Size; start < header.ChecksumsOffset; start += _buffer.Length)
            {
                stop.ThrowIfCancellationRequested();
                var bytes = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, header.ChecksumsOffset - start));
                RandomAccess.Read(file, bytes, start);
                whole = Checksum.Crc32C(bytes, whole);
                if (tableCrc == header.ChecksumsCrc)
                {
                    // Damaged checksums would accuse the blocks.
                    Blocks(path, bytes, start, checksums);
                }

                var labelsEnd = header.LabelsOffset + (header.Rows * sizeof(float));
                Part(_rows, bytes, start, ShardHeader.Size, RowsEnd(header));
                Part(_labels, bytes, start, header.LabelsOffset, labelsEnd);
                _read += bytes.Length;
                progress?.Invoke(_read, _total);
            }

            whole = Checksum.Crc32C(checksums, whole);
            var expected = uint.TryParse(entry.Crc32C, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var stated) ? stated : 0;
            if (whole != expected && _wrong.Count == before)
            {
                Wrong(path, 0, header.FileLength, expected, whole);
            }
        }

        private void Blocks(string path, ReadOnlySpan<byte> bytes, long start, byte[] checksums)
        {
            for (var at = 0; at < bytes.Length; at += ShardHeader.Block)
            {
                var block = (int)((start + at - ShardHeader.Size) / ShardHeader.Block);
                var part = bytes.Slice(at, Math.Min(ShardHeader.Block, bytes.Length - at));
                var expected = StoredChecksum.Crc(BinaryPrimitives.ReadUInt32LittleEndian(checksums.AsSpan(block * sizeof(uint))));
                var measured = Checksum.Crc32C(part);
                if (measured != expected)
                {
                    Wrong(path, start + at, start + at + part.Length, expected, measured);
                }
            }
        }

        private static long RowsEnd(in ShardHeader header) => ShardHeader.Size + header.Format switch
        {
            RowFormat.Sparse => header.Entries * 8,
            RowFormat.Bytes => header.Rows * header.Features,
            _ => header.Rows * header.Features * sizeof(float),
        };

        // Appends what of a range lies in the bytes.
        private static void Part(IncrementalHash hash, ReadOnlySpan<byte> bytes, long start, long from, long to)
        {
            var first = Math.Max(from, start) - start;
            var last = Math.Min(to, start + bytes.Length) - start;
            if (first < last)
            {
                hash.AppendData(bytes[(int)first..(int)last]);
            }
        }

        private void Wrong(string path, long start, long end, uint expected, uint measured) => _wrong.Add(string.Create(
            CultureInfo.InvariantCulture, $"{path}, bytes {start} to {end - 1}: checksum {measured:x8}, expected {expected:x8}"));
    }
}
