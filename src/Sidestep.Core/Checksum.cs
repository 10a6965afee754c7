using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Checks against accidental damage: CRC-32C (Castagnoli) and a 64-bit fingerprint made of it. No defence against malice.</summary>
/// <remarks>Three independent streams hide the latency of the CRC instruction; their results are joined by shift tables
/// (the method of Gopal et al., "Fast CRC computation for iSCSI polynomial using CRC32 instruction", Intel, 2011). The same bits without the instruction.</remarks>
public static class Checksum
{
    private const int LongBlock = 32768;
    private const int ShortBlock = 256;
    private static readonly CrcShift LongShift = new(LongBlock);
    private static readonly CrcShift ShortShift = new(ShortBlock);

    /// <summary>CRC-32C: polynomial 0x1EDC6F41, reflected, start and end inverted; of the ASCII digits 1 to 9: 0xE3069283.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="seed">The checksum of the bytes before these, to continue it; 0: none.</param>
    public static uint Crc32C(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var crc = ~seed;
        ref var start = ref MemoryMarshal.GetReference(data);
        var at = 0;
        for (; at <= data.Length - (3 * LongBlock); at += 3 * LongBlock)
        {
            crc = ThreeBlocks(crc, ref start, at, LongBlock, LongShift);
        }

        for (; at <= data.Length - (3 * ShortBlock); at += 3 * ShortBlock)
        {
            crc = ThreeBlocks(crc, ref start, at, ShortBlock, ShortShift);
        }

        for (; at <= data.Length - 8; at += 8)
        {
            crc = BitOperations.Crc32C(crc, LittleEndian.Word(ref start, at));
        }

        for (; at < data.Length; at++)
        {
            crc = BitOperations.Crc32C(crc, data[at]);
        }

        return ~crc;
    }

    /// <summary>The checksum of two pieces joined, from the checksums of the pieces: Combine(crc(a), crc(b), |b|) = crc(a ‖ b).</summary>
    /// <param name="first">Checksum of the first piece.</param>
    /// <param name="second">Checksum of the second piece.</param>
    /// <param name="secondLength">Bytes of the second piece.</param>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);
        return CrcShift.Shift(first, secondLength) ^ second;
    }

    /// <summary>Names contents by 64 bits, to notice a stale or damaged model.</summary>
    /// <remarks>Two CRC-32C lanes, over the even and the odd 64-bit little-endian words. The last 16 bytes are filled up with zeros;
    /// then each lane takes the length in bytes. The even lane is the low half.</remarks>
    /// <param name="data">The bytes.</param>
    public static ulong Fingerprint(ReadOnlySpan<byte> data)
    {
        uint even = uint.MaxValue, odd = uint.MaxValue;
        ref var start = ref MemoryMarshal.GetReference(data);
        var at = 0;
        for (; at <= data.Length - 16; at += 16)
        {
            even = BitOperations.Crc32C(even, LittleEndian.Word(ref start, at));
            odd = BitOperations.Crc32C(odd, LittleEndian.Word(ref start, at + 8));
        }

        if (at < data.Length)
        {
            Span<byte> tail = stackalloc byte[16];
            tail.Clear();
            data[at..].CopyTo(tail);
            even = BitOperations.Crc32C(even, LittleEndian.Word(ref tail[0], 0));
            odd = BitOperations.Crc32C(odd, LittleEndian.Word(ref tail[0], 8));
        }

        even = ~BitOperations.Crc32C(even, (ulong)data.Length);
        odd = ~BitOperations.Crc32C(odd, (ulong)data.Length);
        return ((ulong)odd << 32) | even;
    }

    private static uint ThreeBlocks(uint crc, ref byte start, int at, int block, CrcShift shift)
    {
        uint second = 0, third = 0;
        for (var end = at + block; at < end; at += 8)
        {
            crc = BitOperations.Crc32C(crc, LittleEndian.Word(ref start, at));
            second = BitOperations.Crc32C(second, LittleEndian.Word(ref start, at + block));
            third = BitOperations.Crc32C(third, LittleEndian.Word(ref start, at + (2 * block)));
        }

        return shift.Apply(shift.Apply(crc) ^ second) ^ third;
    }
}
