using System.Globalization;

namespace Sidestep.Training;

/// <summary>Cuts a table's text into blocks of whole rows; a line feed inside quotes ends no row.</summary>
internal sealed class CsvBlocks(DataStream stream, string file)
{
    /// <summary>Bytes of a block; at least twice the longest row.</summary>
    internal const int Size = 2 << 20;

    private byte[] _rest = [];
    private int _restLength;
    private long _lines;
    private long _read;
    private bool _ended;

    /// <summary>A block that fits this file.</summary>
    internal CsvBlock Create() => new((int)Math.Min(Size, stream.LargestContent + 2));

    /// <summary>Fills a block; false: there are no more rows.</summary>
    /// <exception cref="DataException">A row is longer than allowed, or the file is damaged.</exception>
    internal bool Fill(CsvBlock block)
    {
        _rest.AsSpan(0, _restLength).CopyTo(block.Text);
        var length = _restLength;
        var room = block.Text.Length - 1;
        while (!_ended && length < room)
        {
            var count = stream.Read(block.Text.AsSpan(length, room - length));
            (_ended, length) = (count == 0, length + count);
            _read += count;
        }

        block.Start = _read == length && block.Text.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        var end = _ended ? length : RowsEnd(block.Text.AsSpan(0, length));
        if (_ended && length > 0 && block.Text[length - 1] != '\n')
        {
            end++;
        }

        if (length - end > LineLimitStream.MaxLine || (end == 0 && length > 0))
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}, row {_lines + block.Text.AsSpan(0, end).Count((byte)'\n') + 1} (counting every line): longer than {LineLimitStream.MaxLine} bytes (is there a quote that is not closed?)"));
        }

        _restLength = Math.Max(0, length - end);
        if (_rest.Length < _restLength)
        {
            _rest = new byte[Size];
        }

        block.Text.AsSpan(length - _restLength, _restLength).CopyTo(_rest);
        if (end > length)
        {
            block.Text[length] = (byte)'\n';
        }

        (block.End, block.LinesBefore, block.Reached) = (end, _lines, stream.FilePosition);
        _lines += block.Text.AsSpan(0, end).Count((byte)'\n');
        return end > block.Start;
    }

    /// <summary>Where the last whole row ends; 0: none does.</summary>
    private static int RowsEnd(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'"'))
        {
            return text.LastIndexOf((byte)'\n') + 1;
        }

        var (end, quoted) = (0, false);
        for (var at = 0; text[at..].IndexOfAny((byte)'"', (byte)'\n') is var next && next >= 0; at += next + 1)
        {
            if (text[at + next] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted)
            {
                end = at + next + 1;
            }
        }

        return end;
    }
}
