using System.Globalization;

namespace Sidestep.Training;

/// <summary>Passes text through and refuses lines of more than 1 MiB, which are a wrong file or an attack on memory.</summary>
internal sealed class LineLimitStream(Stream inner, string path) : ReadOnlyStream
{
    internal const int MaxLine = 1 << 20;

    private long _line = 1;
    private long _length;

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        var rest = (ReadOnlySpan<byte>)buffer[..count];
        while (true)
        {
            var end = rest.IndexOf((byte)'\n');
            _length += end < 0 ? rest.Length : end;
            if (_length > MaxLine)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture, $"{path}, row {_line} (counting every line): longer than {MaxLine} bytes"));
            }

            if (end < 0)
            {
                return count;
            }

            _line++;
            _length = 0;
            rest = rest[(end + 1)..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
