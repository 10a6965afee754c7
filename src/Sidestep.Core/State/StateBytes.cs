using System.Buffers;

namespace Sidestep;

/// <summary>States as bytes, for messages between nodes; transports add their own checksums. The other end is not trusted.</summary>
/// <remarks>For files see <see cref="StateFile"/>, which has the same layout with a hash behind it.</remarks>
public static class StateBytes
{
    /// <summary>Writes the whole state.</summary>
    /// <param name="state">What to save.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="ArgumentException">The state writes the same name twice.</exception>
    public static void Write(ISnapshot state, IBufferWriter<byte> destination) =>
        StateWriter.WriteAll(state, bytes => destination.Write(bytes));

    /// <summary>Replaces a state by what <see cref="Write"/> wrote. Cost: one copy of the bytes; nothing is allocated on the word of the sender.</summary>
    /// <param name="bytes">Exactly what was written.</param>
    /// <param name="state">Loaded; unchanged if the layout is broken, unspecified if a value does not fit it.</param>
    /// <exception cref="MalformedException">The bytes are damaged, cut or of another state.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, ISnapshot state)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        try
        {
            bytes.CopyTo(copy);
            state.Load(StateReader.Open(copy.AsMemory(0, bytes.Length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
