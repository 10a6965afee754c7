using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sidestep;

/// <summary>Writes named arrays in the common layout to any sink.</summary>
internal sealed class StateWriter : IStateWriter
{
    private readonly Action<ReadOnlySpan<byte>> _sink;
    private readonly HashSet<string> _names;
    private readonly string _prefix;

    private StateWriter(Action<ReadOnlySpan<byte>> sink, HashSet<string> names, string prefix)
    {
        _sink = sink;
        _names = names;
        _prefix = prefix;
    }

    public static void WriteAll(ISnapshot state, Action<ReadOnlySpan<byte>> sink)
    {
        sink(StateFormat.Magic);
        state.Save(new StateWriter(sink, new HashSet<string>(StringComparer.Ordinal), string.Empty));
        Span<byte> end = [0, 0];
        sink(end);
    }

    public void Write<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var full = _prefix + name;
        var length = Encoding.UTF8.GetByteCount(full);
        if (length is 0 or > StateFormat.MaxNameBytes)
        {
            throw new ArgumentException($"'{full}' has {length} bytes; a name has 1 to {StateFormat.MaxNameBytes}", nameof(name));
        }

        if (!_names.Add(full))
        {
            throw new ArgumentException($"'{full}' was already written", nameof(name));
        }

        Span<byte> head = stackalloc byte[sizeof(ushort) + StateFormat.MaxNameBytes + StateFormat.HeadBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)length);
        Encoding.UTF8.GetBytes(full, head[2..]);
        var rest = head[(2 + length)..];
        rest[0] = StateFormat.Code<T>();
        rest[1] = StateFormat.Size<T>();
        BinaryPrimitives.WriteInt32LittleEndian(rest[2..], values.Length);
        _sink(head[..(2 + length + StateFormat.HeadBytes)]);
        WriteElements(values);
    }

    public IStateWriter Within(string name) => new StateWriter(_sink, _names, $"{_prefix}{name}/");

    private void WriteElements<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // Spans of bytes hold at most 2³¹ − 1 of them.
        var step = int.MaxValue / StateFormat.Size<T>();
        for (; values.Length > step; values = values[step..])
        {
            _sink(MemoryMarshal.AsBytes(values[..step]));
        }

        _sink(MemoryMarshal.AsBytes(values));
    }
}
