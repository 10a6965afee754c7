namespace Sidestep.Training;

/// <summary>Cuts bytes into lines (LF or CRLF) without making strings; a byte order mark is dropped.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Number of the line read last, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>The next line; valid until the next call.</summary>
    internal bool TryRead(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            Fill();
        }

        line = default;
        if (length < 0 && _start == _end)
        {
            return false;
        }

        line = _buffer.AsSpan(_start, length < 0 ? _end - _start : length);
        _start += length < 0 ? line.Length : length + 1;
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        line = Line++ == 0 && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        return true;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = stream.Read(_buffer.AsSpan(_end));
        _ended = count == 0;
        _end += count;
    }
}
