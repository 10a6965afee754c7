using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sidestep;

/// <summary>Reads named arrays in the common layout; everything is checked against the bytes that are there before anything is allocated.</summary>
internal sealed class StateReader : IStateReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Dictionary<string, Entry> _entries;
    private readonly string _prefix;

    private StateReader(ReadOnlyMemory<byte> bytes, Dictionary<string, Entry> entries, string prefix)
    {
        _bytes = bytes;
        _entries = entries;
        _prefix = prefix;
    }

    /// <summary>Indexes the arrays.</summary>
    /// <exception cref="MalformedException">The bytes are not the layout's, or something follows it.</exception>
    public static StateReader Open(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        CheckMagic(span);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var at = StateFormat.Magic.Length;
        while (Next(span, ref at, out var name, out var entry))
        {
            if (!entries.TryAdd(name, entry))
            {
                throw new MalformedException(StateFormat.WrongName, $"the array '{name}' occurs twice");
            }
        }

        return at == span.Length
            ? new StateReader(bytes, entries, string.Empty)
            : throw new MalformedException(StateFormat.Trailing, $"{span.Length - at} bytes follow the last array");
    }

    public int Count<T>(string name)
        where T : unmanaged => _entries.TryGetValue(_prefix + name, out var entry) ? Checked<T>(name, entry).Count : -1;

    public void Read<T>(string name, Span<T> values)
        where T : unmanaged
    {
        if (!_entries.TryGetValue(_prefix + name, out var entry))
        {
            throw new MalformedException(StateFormat.WrongName, $"the state has no array '{_prefix}{name}'");
        }

        if (Checked<T>(name, entry).Count != values.Length)
        {
            throw new MalformedException(
                StateFormat.WrongLength, $"the array '{_prefix}{name}' has {entry.Count} elements, {values.Length} are expected");
        }

        var source = _bytes.Span.Slice(entry.Offset, entry.Count * entry.Size);
        if (typeof(T) == typeof(bool) && source.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new MalformedException(StateFormat.WrongType, $"the array '{_prefix}{name}' holds a truth value other than 0 and 1");
        }

        source.CopyTo(MemoryMarshal.AsBytes(values));
    }

    public IStateReader Within(string name) => new StateReader(_bytes, _entries, $"{_prefix}{name}/");

    private static void CheckMagic(ReadOnlySpan<byte> span)
    {
        var magic = StateFormat.Magic;
        if (!span.StartsWith(magic[..Math.Min(7, span.Length)]))
        {
            throw new MalformedException(StateFormat.WrongMagic, "the bytes are not a Sidestep state");
        }

        if (span.Length < magic.Length)
        {
            throw Truncated(span.Length);
        }

        if (span[7] != magic[7])
        {
            throw new MalformedException(
                StateFormat.WrongMagic, $"the state has format version {(char)span[7]}; this program reads version {(char)magic[7]}");
        }
    }

    private static bool Next(ReadOnlySpan<byte> span, ref int at, out string name, out Entry entry)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Take(span, ref at, sizeof(ushort)));
        name = string.Empty;
        entry = default;
        if (length == 0)
        {
            return false;
        }

        if (length > StateFormat.MaxNameBytes)
        {
            throw new MalformedException(
                StateFormat.WrongName, $"at byte {at} a name has {length} bytes, at most {StateFormat.MaxNameBytes} are allowed");
        }

        name = Name(Take(span, ref at, length), at);
        var head = Take(span, ref at, StateFormat.HeadBytes);
        var count = BinaryPrimitives.ReadInt32LittleEndian(head[2..]);
        entry = new Entry(at, count, head[0], head[1]);
        if (count < 0 || entry.Size == 0 || (long)count * entry.Size > span.Length - at)
        {
            throw count < 0 || entry.Size == 0
                ? new MalformedException(StateFormat.WrongLength, $"the array '{name}' claims {count} elements of {entry.Size} bytes")
                : Truncated(span.Length);
        }

        at += count * entry.Size;
        return true;
    }

    private static string Name(ReadOnlySpan<byte> bytes, int at)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedException(StateFormat.WrongName, $"the name before byte {at} is not UTF-8");
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> span, ref int at, int count)
    {
        if (count > span.Length - at)
        {
            throw Truncated(span.Length);
        }

        at += count;
        return span.Slice(at - count, count);
    }

    private Entry Checked<T>(string name, Entry entry)
        where T : unmanaged
    {
        if (entry.Code != StateFormat.Code<T>() || entry.Size != StateFormat.Size<T>())
        {
            throw new MalformedException(
                StateFormat.WrongType,
                $"the array '{_prefix}{name}' has elements of type {entry.Code} and {entry.Size} bytes, not of {typeof(T).Name}");
        }

        return entry;
    }

    private static MalformedException Truncated(int length) =>
        new(StateFormat.Truncated, $"the state ends too early, after {length} bytes");

    private readonly record struct Entry(int Offset, int Count, byte Code, byte Size);
}
