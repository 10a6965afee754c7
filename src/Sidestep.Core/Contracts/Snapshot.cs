namespace Sidestep;

/// <summary>Something whose state can be saved at a round boundary and continued to the same bytes.</summary>
public interface ISnapshot
{
    /// <summary>Writes the whole state.</summary>
    /// <param name="writer">Receives named values.</param>
    void Save(IStateWriter writer);

    /// <summary>Replaces the whole state.</summary>
    /// <param name="reader">Gives the named values.</param>
    /// <exception cref="MalformedException">A value is missing or has another length; nothing is promised about the state.</exception>
    void Load(IStateReader reader);
}

/// <summary>Receives named values. Names are unique within a scope.</summary>
public interface IStateWriter
{
    /// <summary>Writes an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The elements.</param>
    void Write<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged;

    /// <summary>A scope: names inside get the prefix <c>name/</c>.</summary>
    /// <param name="name">The scope.</param>
    IStateWriter Within(string name);
}

/// <summary>Gives named values.</summary>
public interface IStateReader
{
    /// <summary>Elements of an array, or −1 if there is none of this name.</summary>
    /// <param name="name">Its name.</param>
    int Count<T>(string name)
        where T : unmanaged;

    /// <summary>Reads an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Exactly as many elements as were written.</param>
    /// <exception cref="MalformedException">Missing, or of another length.</exception>
    void Read<T>(string name, Span<T> values)
        where T : unmanaged;

    /// <summary>A scope: names inside get the prefix <c>name/</c>.</summary>
    /// <param name="name">The scope.</param>
    IStateReader Within(string name);
}

/// <summary>Single values through the array methods.</summary>
public static class StateExtensions
{
    /// <summary>Writes one value.</summary>
    public static void WriteOne<T>(this IStateWriter writer, string name, T value)
        where T : unmanaged => writer.Write(name, new ReadOnlySpan<T>(in value));

    /// <summary>Reads one value.</summary>
    public static T ReadOne<T>(this IStateReader reader, string name)
        where T : unmanaged
    {
        T value = default;
        reader.Read(name, new Span<T>(ref value));
        return value;
    }
}
