using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidestep.Training;

/// <summary>Collects the indices of large magnitudes in ascending order.</summary>
internal static class MagnitudeFilter
{
    private const uint MagnitudeBits = 0x7FFFFFFF;
    private const int Step = 32;

    /// <summary>Indices of all magnitudes greater than a threshold and of the first ones that equal it.</summary>
    /// <param name="bits">Floats, as bits; the sign is ignored.</param>
    /// <param name="threshold">A magnitude, as bits.</param>
    /// <param name="ties">How many that equal the threshold are taken, lower indices first.</param>
    /// <param name="taken">Receives the indices.</param>
    /// <returns>How many there are, −1 if they do not fit.</returns>
    public static int Take(ReadOnlySpan<uint> bits, uint threshold, int ties, Span<int> taken)
    {
        // Magnitudes are non-negative as signed numbers, so signed comparisons order them.
        var least = Vector256.Create((int)threshold);
        var mask = Vector256.Create((int)MagnitudeBits);
        ref var from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<uint, int>(bits));
        var count = 0;
        var i = 0;
        for (; i <= bits.Length - Step; i += Step)
        {
            var hits = Hits(ref from, i, mask, least)
                | (Hits(ref from, i + 8, mask, least) << 8)
                | (Hits(ref from, i + 16, mask, least) << 16)
                | (Hits(ref from, i + 24, mask, least) << 24);
            for (; hits != 0; hits &= hits - 1)
            {
                if (!Add(bits, i + BitOperations.TrailingZeroCount(hits), threshold, ref ties, taken, ref count))
                {
                    return -1;
                }
            }
        }

        return TakeScalar(bits, i, threshold, ties, taken, count);
    }

    /// <summary>The same, one value after another.</summary>
    /// <param name="bits">Floats, as bits.</param>
    /// <param name="start">The first index looked at.</param>
    /// <param name="threshold">A magnitude, as bits.</param>
    /// <param name="ties">How many that equal the threshold are still taken.</param>
    /// <param name="taken">Receives the indices.</param>
    /// <param name="count">How many are taken already.</param>
    /// <returns>How many there are, −1 if they do not fit.</returns>
    public static int TakeScalar(ReadOnlySpan<uint> bits, int start, uint threshold, int ties, Span<int> taken, int count)
    {
        for (var i = start; i < bits.Length; i++)
        {
            if ((bits[i] & MagnitudeBits) >= threshold && !Add(bits, i, threshold, ref ties, taken, ref count))
            {
                return -1;
            }
        }

        return count;
    }

    private static uint Hits(ref int from, int at, Vector256<int> mask, Vector256<int> least) =>
        Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref from, (nuint)at) & mask, least).ExtractMostSignificantBits();

    private static bool Add(ReadOnlySpan<uint> bits, int index, uint threshold, ref int ties, Span<int> taken, ref int count)
    {
        if ((bits[index] & MagnitudeBits) == threshold && --ties < 0)
        {
            ties = 0;
            return true;
        }

        if (count == taken.Length)
        {
            return false;
        }

        taken[count++] = index;
        return true;
    }
}
