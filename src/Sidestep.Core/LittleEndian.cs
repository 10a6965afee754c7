using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sidestep;

/// <summary>Unaligned little-endian loads for inner loops.</summary>
internal static class LittleEndian
{
    /// <summary>The eight bytes at an offset the caller has checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word(ref byte start, int offset)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }
}
