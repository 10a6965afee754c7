using System.Globalization;

namespace Sidestep.Training;

/// <summary>A data file's content: plain, or unpacked if it starts with the gzip magic 1f 8b (several members are read as one).</summary>
internal sealed class DataStream : ReadOnlyStream
{
    /// <summary>Deflate cannot pack better than this.</summary>
    internal const int MaxGzipRatio = 1032;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly long _limit;
    private long _read;

    private DataStream(string path, FileStream file, bool packed, long limit)
    {
        (_path, _file, IsPacked, _limit) = (path, file, packed, limit);
        _content = packed ? new GzipContent(file) : file;
    }

    internal bool IsPacked { get; }

    /// <summary>Bytes of the file itself.</summary>
    internal long FileLength => _file.Length;

    /// <summary>Bytes of the file that were read.</summary>
    internal long FilePosition => _file.Position;

    /// <summary>The most bytes the content can have.</summary>
    internal long LargestContent => IsPacked ? Math.Min(_limit, (FileLength * MaxGzipRatio) + 1024) : FileLength;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">Most bytes that may be unpacked, against gzip bombs.</param>
    /// <exception cref="DataException">It is missing, empty or unreadable.</exception>
    internal static DataStream Open(string path, long limit)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            if (file.Length == 0)
            {
                throw new DataException($"{path}: the file is empty");
            }

            var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            return new DataStream(path, file, packed, limit);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw DataFile.Unreadable(path, error);
        }
        catch (DataException)
        {
            file?.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = _content.Read(buffer);
            _read += count;
            if (_read > _limit)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_path}: unpacks to more than the limit of {_limit} bytes; raise the source's MaxBytes if the file is to be trusted"));
            }

            return count;
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error.Message);
        }
        catch (IOException error)
        {
            throw DataFile.Unreadable(_path, error);
        }
    }

    /// <summary>Fills the buffer or says where the file ends.</summary>
    /// <param name="buffer">Filled.</param>
    /// <param name="row">The row it belongs to, from 1; 0: the header.</param>
    internal void ReadWhole(Span<byte> buffer, long row)
    {
        var count = this.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (count < buffer.Length)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_path}, {(row == 0 ? "header" : "row ")}{(row == 0 ? "" : row)}: the file ends at byte {_read}, {buffer.Length - count} bytes too early"));
        }
    }

    /// <summary>Refuses bytes after the content's declared end.</summary>
    internal void ExpectEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (Read(one) != 0)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{_path}: bytes follow the declared end at byte {_read - 1}"));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private DataException Damaged(string why) => new(string.Create(
        CultureInfo.InvariantCulture, $"{_path}: the gzip data are damaged after {_read} unpacked bytes: {why}"));
}
