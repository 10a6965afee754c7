using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>CRC-32C (Castagnoli 1993; RFC 3720) in running form: start with <see cref="Start"/>, end by inverting.</summary>
internal static class Crc32C
{
    internal const uint Start = uint.MaxValue;

    /// <summary>Appends bytes; how they are cut into calls does not matter.</summary>
    internal static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, one);
        }

        return state;
    }
}
