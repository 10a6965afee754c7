using System.Text;

namespace Sidestep.Training;

/// <summary>A cell as it stands between its separators.</summary>
internal readonly ref struct CsvCell(ReadOnlySpan<byte> bytes, string? wrong)
{
    /// <summary>Its content, unquoted and trimmed.</summary>
    internal ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>What is wrong with its quotes; null: nothing.</summary>
    internal string? Wrong { get; } = wrong;

    /// <summary>Reads the cell at a place; <paramref name="next"/> is then at the separator or line feed behind it.</summary>
    internal static unsafe CsvCell Read(byte* at, byte* end, byte separator, out byte* next)
    {
        while (*at == ' ')
        {
            at++;
        }

        if (*at == '"')
        {
            return Quoted(at + 1, end, separator, out next);
        }

        var rest = new ReadOnlySpan<byte>(at, (int)(end - at));
        var length = rest.IndexOfAny(separator, (byte)'\n');
        length = length < 0 ? rest.Length - 1 : length;
        next = at + length;
        var cell = rest[..length];
        cell = *next == '\n' && cell.EndsWith("\r"u8) ? cell[..^1] : cell;
        return new CsvCell(cell.TrimEnd((byte)' '), cell.Contains((byte)'"') ? "a quote inside a cell" : null);
    }

    /// <summary>A cell for a message: its first line, at most 80 characters.</summary>
    internal static string Shown(ReadOnlySpan<byte> cell)
    {
        var line = cell.IndexOfAny((byte)'\r', (byte)'\n') is var cut && cut >= 0 ? cell[..cut] : cell;
        var text = Encoding.UTF8.GetString(line.Length > 320 ? line[..320] : line);
        return text.Length > 80 ? text[..80] : text;
    }

    private static unsafe CsvCell Quoted(byte* at, byte* end, byte separator, out byte* next)
    {
        var rest = new ReadOnlySpan<byte>(at, (int)(end - at));
        var (length, doubled) = (0, false);
        while (true)
        {
            var quote = rest[length..].IndexOf((byte)'"');
            if (quote < 0)
            {
                next = end - 1;
                return new CsvCell(rest, "a quote that is not closed");
            }

            length += quote;
            if (length + 1 < rest.Length && rest[length + 1] == '"')
            {
                (length, doubled) = (length + 2, true);
                continue;
            }

            break;
        }

        next = at + length + 1;
        while (*next == ' ')
        {
            next++;
        }

        next += *next == '\r' && next[1] == '\n' ? 1 : 0;
        var content = rest[..length];
        if (doubled)
        {
            content = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("\"\"", "\"", StringComparison.Ordinal));
        }

        return new CsvCell(content, *next == separator || *next == '\n' ? null : "text after a closing quote");
    }
}
