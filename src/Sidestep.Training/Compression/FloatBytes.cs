using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Floats as little-endian bytes, whatever the machine's own order.</summary>
internal static class FloatBytes
{
    /// <summary>Writes four bytes per value.</summary>
    /// <param name="values">The values.</param>
    /// <param name="bytes">At least four times as long.</param>
    public static void Write(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        MemoryMarshal.AsBytes(values).CopyTo(bytes);
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes)[..values.Length];
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    /// <summary>Reads four bytes per value.</summary>
    /// <param name="bytes">At least four times as long as the values.</param>
    /// <param name="values">Overwritten.</param>
    public static void Read(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        bytes[..(values.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<float, uint>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    /// <summary>Index of the first NaN or infinity among encoded values, −1 if there is none.</summary>
    /// <param name="bytes">Four bytes per value.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            return FiniteScan.IndexOfNonFinite(MemoryMarshal.Cast<byte, float>(bytes));
        }

        for (var i = 0; i < bytes.Length / sizeof(float); i++)
        {
            if (!float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..])))
            {
                return i;
            }
        }

        return -1;
    }
}
