using System.Text;

namespace Sidestep.Training;

/// <summary>Reads a program's standard error to its end and keeps the last of it.</summary>
internal sealed class ErrorTail
{
    private const int MostBytes = 4096;
    private const int MostLines = 12;

    private readonly Stream _stream;
    private readonly Thread _reader;
    private readonly Lock _gate = new();
    private readonly byte[] _kept = new byte[2 * MostBytes];
    private int _length;

    public ErrorTail(Stream stream, string name)
    {
        _stream = stream;
        _reader = new Thread(Read) { IsBackground = true, Name = name };
        _reader.Start();
    }

    /// <summary>The last lines; waits a little for a program that has just ended.</summary>
    public string Lines(TimeSpan patience)
    {
        _reader.Join(patience);
        string text;
        lock (_gate)
        {
            text = Encoding.UTF8.GetString(_kept, Math.Max(0, _length - MostBytes), Math.Min(_length, MostBytes));
        }

        var lines = text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToArray();
        return string.Join(Environment.NewLine, lines.TakeLast(MostLines).Select(l => "  " + l));
    }

    private void Read()
    {
        var piece = new byte[1024];
        try
        {
            while (_stream.Read(piece) is > 0 and var count)
            {
                Keep(piece.AsSpan(0, count));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The program is gone.
        }
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        lock (_gate)
        {
            if (_length + piece.Length > _kept.Length)
            {
                _kept.AsSpan(_length - MostBytes, MostBytes).CopyTo(_kept);
                _length = MostBytes;
            }

            piece.CopyTo(_kept.AsSpan(_length));
            _length += piece.Length;
        }
    }
}
