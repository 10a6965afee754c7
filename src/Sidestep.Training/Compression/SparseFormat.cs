using System.Numerics;

namespace Sidestep.Training;

/// <summary>Sizes and parameters of the sparse payload: Rice-coded gaps, then float32 values.</summary>
/// <remarks>
/// Gaps are g[j] = i[j] − i[j−1] − 1 with i[−1] = −1. First the low r bits of all gaps, then all ⌊g/2^r⌋ in unary (ones, then a zero), one
/// stream of bits, least significant first, filled up to a byte with zeros. The parameter r follows from (d, elements sent) alone, so a vector has
/// one encoding. Bytes: 32 + ⌈(n·(r + 1) + Σ⌊g/2^r⌋)/8⌉ + 4n for n elements sent.
/// </remarks>
internal static class SparseFormat
{
    /// <summary>Bytes of one value.</summary>
    public const int ValueBytes = sizeof(float);

    /// <summary>r = max(0, round(log₂(ln 2·(d − n)/(n + 1)))), the best parameter for random indices, in whole numbers.</summary>
    /// <param name="length">Elements of the vector (d).</param>
    /// <param name="count">Elements sent (n), at most d.</param>
    public static int RiceParameter(int length, int count)
    {
        // round(log₂ x) = ⌊log₂(√2·x)⌋, and √2·ln 2 = 0.9802….
        var quotient = 9802L * (length - count) / (10000L * (count + 1L));
        return quotient == 0 ? 0 : BitOperations.Log2((ulong)quotient);
    }

    /// <summary>Bytes of the coded indices.</summary>
    /// <param name="indices">Ascending.</param>
    /// <param name="rice">The parameter.</param>
    public static int IndexBytes(ReadOnlySpan<int> indices, int rice)
    {
        var bits = indices.Length * (rice + 1L);
        var previous = -1;
        foreach (var index in indices)
        {
            bits += (index - previous - 1) >> rice;
            previous = index;
        }

        return (int)((bits + 7) / 8);
    }

    /// <summary>Most bytes of a whole message; reached when the last k elements are sent.</summary>
    /// <param name="length">Elements of the vector.</param>
    /// <param name="count">Most elements sent.</param>
    public static long MaxBytes(int length, int count)
    {
        var rice = RiceParameter(length, count);
        var bits = (count * (rice + 1L)) + ((length - count) >> rice);
        return CompressionFrame.HeaderBytes + ((bits + 7) / 8) + ((long)count * ValueBytes);
    }

    /// <summary>Writes the indices.</summary>
    /// <param name="indices">Ascending.</param>
    /// <param name="rice">The parameter.</param>
    /// <param name="target">Exactly <see cref="IndexBytes"/> bytes.</param>
    public static void WriteIndices(ReadOnlySpan<int> indices, int rice, Span<byte> target)
    {
        var bits = new BitWriter(target);
        var mask = (1u << rice) - 1;
        var previous = -1;
        foreach (var index in indices)
        {
            bits.Write((uint)(index - previous - 1) & mask, rice);
            previous = index;
        }

        previous = -1;
        foreach (var index in indices)
        {
            bits.WriteUnary((index - previous - 1) >> rice);
            previous = index;
        }

        bits.Finish();
    }

    /// <summary>Reads the indices; what they are is strictly increasing by construction.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="rice">The parameter.</param>
    /// <param name="length">Elements of the vector; every index is less.</param>
    /// <param name="indices">Receives exactly as many indices as it has elements.</param>
    /// <exception cref="MalformedException">Too few or too many bytes, padding that is not zero, an index out of range.</exception>
    public static void ReadIndices(ReadOnlySpan<byte> source, int rice, int length, Span<int> indices)
    {
        var bits = new BitReader(source);
        foreach (ref var low in indices)
        {
            if (!bits.TryRead(rice, out var value))
            {
                throw new MalformedException(RejectCodes.Sparse, "the coded indices of a sparse vector end too early");
            }

            low = (int)value;
        }

        long previous = -1;
        foreach (ref var index in indices)
        {
            var found = bits.TryReadUnary(length >> rice, out var high);
            previous += ((long)high << rice) + index + 1;
            if (!found || previous >= length)
            {
                throw new MalformedException(RejectCodes.Sparse, $"an index of a sparse vector is not below its length {length}, or missing");
            }

            index = (int)previous;
        }

        if (!bits.AtEnd)
        {
            throw new MalformedException(RejectCodes.Sparse, "the coded indices of a sparse vector have bytes or bits too many");
        }
    }
}
