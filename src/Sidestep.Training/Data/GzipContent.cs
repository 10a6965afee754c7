using System.IO.Compression;
using System.Security.Cryptography;

namespace Sidestep.Training;

/// <summary>Unpacks a gzip file of one or more members and makes sure that it ends where a member ends.</summary>
/// <remarks>The framework's stream takes a cut-off file, or one with garbage behind, for a whole one. So a member of our own with random
/// content is put after the file's last byte: it comes out at the end exactly if the file is whole.</remarks>
internal sealed class GzipContent : ReadOnlyStream
{
    private const int SealLength = 16;

    // In a cut-off file the seal's member is unpacked as garbage, at most its 39 bytes × 1032. Nobody shall see that before the damage is known.
    private const int HeldBack = 40 << 10;

    private readonly byte[] _seal = RandomNumberGenerator.GetBytes(SealLength);
    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly GZipStream _gzip;
    private int _start;
    private int _end;
    private bool _ended;

    internal GzipContent(Stream file)
    {
        var member = new MemoryStream();
        using (var pack = new GZipStream(member, CompressionLevel.NoCompression, leaveOpen: true))
        {
            pack.Write(_seal);
        }

        member.Position = 0;
        _gzip = new GZipStream(new Joined(file, member), CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && _end - _start <= HeldBack)
        {
            Fill();
        }

        var count = Math.Min(buffer.Length, _end - _start - (_ended ? SealLength : HeldBack));
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = _gzip.Read(_buffer.AsSpan(_end));
        _end += count;
        _ended = count == 0;
        if (_ended && !_buffer.AsSpan(0, _end).EndsWith(_seal))
        {
            throw new InvalidDataException("the file is cut off, or bytes that are no gzip member follow");
        }
    }

    /// <summary>One stream after another.</summary>
    private sealed class Joined(Stream first, Stream second) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            var count = first.Read(buffer);
            return count > 0 || buffer.IsEmpty ? count : second.Read(buffer);
        }
    }
}
