using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;

namespace Sidestep.Training;

/// <summary>A text as numbers of its characters: the distinct characters in the order of their codes are tokens 0, 1, 2, ….</summary>
internal sealed class CharacterText
{
    /// <summary>Classes that labels can have.</summary>
    internal const int MostTokens = 65_536;

    private readonly byte[] _narrow;
    private readonly ushort[] _wide;

    private CharacterText(byte[] narrow, ushort[] wide, int tokens, string vocabulary)
    {
        (_narrow, _wide, Tokens, Vocabulary) = (narrow, wide, tokens, vocabulary);
    }

    /// <summary>Characters of the text.</summary>
    internal int Length => Math.Max(_narrow.Length, _wide.Length);

    /// <summary>Distinct characters.</summary>
    internal int Tokens { get; }

    /// <summary>The distinct characters, one after the other.</summary>
    internal string Vocabulary { get; }

    /// <summary>The token at a place.</summary>
    internal int this[int at] => _wide.Length > 0 ? _wide[at] : _narrow[at];

    /// <summary>Copies tokens from a place on.</summary>
    internal void Copy(int at, Span<float> tokens)
    {
        if (_wide.Length > 0)
        {
            TensorPrimitives.ConvertTruncating<ushort, float>(_wide.AsSpan(at, tokens.Length), tokens);
        }
        else
        {
            TensorPrimitives.ConvertTruncating<byte, float>(_narrow.AsSpan(at, tokens.Length), tokens);
        }
    }

    /// <summary>Reads a text, plain or gzip.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isBytes">Whether bytes are taken as characters, whatever the encoding.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="DataException">It is missing, empty, too large, no UTF-8, or its characters are all alike.</exception>
    internal static CharacterText Read(string path, bool isBytes, CancellationToken stop)
    {
        var bytes = ReadBytes(path, stop);
        var content = bytes.AsSpan();
        if (!isBytes && content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        if (content.IsEmpty)
        {
            throw new DataException($"{path}: the text is empty");
        }

        if (!isBytes && content.IndexOf((byte)0) is >= 0 and var zero)
        {
            throw NotUtf8(path, bytes, bytes.Length - content.Length + zero, "is 0, which texts do not hold");
        }

        return isBytes || Ascii.IsValid(content) ? Narrow(path, content) : Wide(path, bytes, content);
    }

    private static byte[] ReadBytes(string path, CancellationToken stop)
    {
        using var stream = DataStream.Open(path, Array.MaxLength);
        if (!stream.IsPacked && stream.FileLength > Array.MaxLength)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{path}: {stream.FileLength} bytes; a text may have {Array.MaxLength}: split it"));
        }

        using var content = new MemoryStream(stream.IsPacked ? 0 : (int)stream.FileLength);
        var chunk = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (int read; (read = stream.Read(chunk)) > 0;)
            {
                stop.ThrowIfCancellationRequested();
                content.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return content.Length == content.Capacity ? content.GetBuffer() : content.ToArray();
    }

    /// <summary>Each byte is a character.</summary>
    private static CharacterText Narrow(string path, ReadOnlySpan<byte> content)
    {
        Span<bool> isThere = stackalloc bool[256];
        isThere.Clear();
        foreach (var value in content)
        {
            isThere[value] = true;
        }

        Span<byte> tokens = stackalloc byte[256];
        var vocabulary = new StringBuilder();
        for (var value = 0; value < 256; value++)
        {
            tokens[value] = (byte)vocabulary.Length;
            if (isThere[value])
            {
                vocabulary.Append((char)value);
            }
        }

        var narrow = GC.AllocateUninitializedArray<byte>(content.Length);
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = tokens[content[i]];
        }

        return new CharacterText(narrow, [], Checked(path, vocabulary.Length), vocabulary.ToString());
    }

    private static CharacterText Wide(string path, byte[] file, ReadOnlySpan<byte> content)
    {
        var isThere = new BitArray(0x11_0000);
        var length = 0;
        for (var rest = content; !rest.IsEmpty; length++)
        {
            var at = file.Length - rest.Length;
            isThere[Next(path, file, at, ref rest)] = true;
        }

        var numbers = new ushort[isThere.Length];
        var vocabulary = new StringBuilder();
        var count = 0;
        for (var value = 0; value < isThere.Length; value++)
        {
            if (isThere[value])
            {
                numbers[value] = (ushort)count;
                count = Checked(path, count + 1, least: 1);
                vocabulary.Append(new Rune(value).ToString());
            }
        }

        _ = Checked(path, count);
        var wide = GC.AllocateUninitializedArray<ushort>(length);
        for (var i = 0; i < length; i++)
        {
            wide[i] = numbers[Next(path, file, 0, ref content)];
        }

        return count > 256
            ? new CharacterText([], wide, count, vocabulary.ToString())
            : new CharacterText(Array.ConvertAll(wide, w => (byte)w), [], count, vocabulary.ToString());
    }

    private static int Next(string path, byte[] file, int at, ref ReadOnlySpan<byte> rest)
    {
        if (Rune.DecodeFromUtf8(rest, out var rune, out var consumed) != OperationStatus.Done)
        {
            throw NotUtf8(path, file, at, string.Create(CultureInfo.InvariantCulture, $"is 0x{rest[0]:x2}, which is not UTF-8 there"));
        }

        rest = rest[consumed..];
        return rune.Value;
    }

    private static DataException NotUtf8(string path, ReadOnlySpan<byte> file, int at, string what)
    {
        var looks = file.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || file.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) || file.Contains((byte)0)
            ? "; it looks like UTF-16"
            : string.Empty;
        return new DataException(string.Create(
            CultureInfo.InvariantCulture, $"{path}: byte {at} {what}{looks}; save the text as UTF-8, or take bytes as characters (characters: bytes)"));
    }

    private static int Checked(string path, int tokens, int least = 2) => tokens >= least && tokens <= MostTokens
        ? tokens
        : throw new DataException(tokens < least
            ? $"{path}: all characters are alike; there is nothing to learn from fewer than 2 different ones"
            : string.Create(CultureInfo.InvariantCulture, $"{path}: more than {MostTokens} different characters; take bytes as characters (characters: bytes)"));
}
