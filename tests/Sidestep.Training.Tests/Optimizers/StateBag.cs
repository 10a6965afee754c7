using System.Runtime.InteropServices;

namespace Sidestep.Training.Tests.Optimizers;

/// <summary>Named state in memory.</summary>
internal sealed class StateBag : IStateWriter, IStateReader
{
    private readonly Dictionary<string, byte[]> _values;
    private readonly string _prefix;

    public StateBag()
        : this([], "")
    {
    }

    private StateBag(Dictionary<string, byte[]> values, string prefix) => (_values, _prefix) = (values, prefix);

    public void Write<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged => _values.Add(_prefix + name, MemoryMarshal.AsBytes(values).ToArray());

    public int Count<T>(string name)
        where T : unmanaged => _values.TryGetValue(_prefix + name, out var bytes) ? MemoryMarshal.Cast<byte, T>(bytes).Length : -1;

    public void Read<T>(string name, Span<T> values)
        where T : unmanaged
    {
        if (Count<T>(name) != values.Length)
        {
            throw new MalformedException("E_STATE", $"{_prefix}{name}: another length");
        }

        MemoryMarshal.Cast<byte, T>(_values[_prefix + name]).CopyTo(values);
    }

    IStateWriter IStateWriter.Within(string name) => Scope(name);

    IStateReader IStateReader.Within(string name) => Scope(name);

    private StateBag Scope(string name) => new(_values, _prefix + name + "/");
}
