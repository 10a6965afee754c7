namespace Sidestep.Training;

/// <summary>Finds the magnitude of a given rank without sorting: three histograms of 11, 10 and 10 bits of |x|, whose bits order like numbers.</summary>
/// <remarks>Cost: three reads of the values, whatever they are.</remarks>
internal static class RadixSelect
{
    /// <summary>Scratch that <see cref="Find"/> needs.</summary>
    public const int Bins = 4 << FirstWidth;

    private const int FirstWidth = 11;
    private const int Width = 10;
    private const uint MagnitudeBits = 0x7FFFFFFF;

    /// <summary>The rank-th largest magnitude, as bits, and how many magnitudes are greater than it.</summary>
    /// <param name="bits">Floats, as bits; the sign is ignored.</param>
    /// <param name="rank">From 1 (the largest) to the number of values.</param>
    /// <param name="bins">Scratch of <see cref="Bins"/> numbers.</param>
    public static (uint Threshold, int Above) Find(ReadOnlySpan<uint> bits, int rank, Span<int> bins)
    {
        var above = 0;
        CountFirst(bits, bins);
        var threshold = Descend(bins, 1 << FirstWidth, rank, ref above) << (2 * Width);
        for (var shift = Width; shift >= 0; shift -= Width)
        {
            CountWithin(bits, threshold, shift, bins);
            threshold |= Descend(bins, 1 << Width, rank, ref above) << shift;
        }

        return (threshold, above);
    }

    // Four histograms: an increment need not wait for the last one of the same bin.
    private static void CountFirst(ReadOnlySpan<uint> bits, Span<int> bins)
    {
        bins[..Bins].Clear();
        const int shift = 2 * Width, size = 1 << FirstWidth;
        var i = 0;
        for (; i <= bits.Length - 4; i += 4)
        {
            bins[(int)((bits[i] & MagnitudeBits) >> shift)]++;
            bins[(int)((bits[i + 1] & MagnitudeBits) >> shift) + size]++;
            bins[(int)((bits[i + 2] & MagnitudeBits) >> shift) + (2 * size)]++;
            bins[(int)((bits[i + 3] & MagnitudeBits) >> shift) + (3 * size)]++;
        }

        for (; i < bits.Length; i++)
        {
            bins[(int)((bits[i] & MagnitudeBits) >> shift)]++;
        }

        Fold(bins, size);
    }

    // Counts one digit of the values whose higher digits are the threshold's.
    private static void CountWithin(ReadOnlySpan<uint> bits, uint threshold, int shift, Span<int> bins)
    {
        const int size = 1 << Width;
        bins[..(4 * size)].Clear();
        var prefix = threshold >> (shift + Width);
        for (var i = 0; i < bits.Length; i++)
        {
            var magnitude = bits[i] & MagnitudeBits;
            if (magnitude >> (shift + Width) == prefix)
            {
                bins[(int)((magnitude >> shift) & (size - 1)) + ((i & 3) * size)]++;
            }
        }

        Fold(bins, size);
    }

    private static void Fold(Span<int> bins, int size)
    {
        for (var digit = 0; digit < size; digit++)
        {
            bins[digit] += bins[digit + size] + bins[digit + (2 * size)] + bins[digit + (3 * size)];
        }
    }

    private static uint Descend(ReadOnlySpan<int> bins, int size, int rank, ref int above)
    {
        var digit = size - 1;
        while (above + bins[digit] < rank)
        {
            above += bins[digit--];
        }

        return (uint)digit;
    }
}
