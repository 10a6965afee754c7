using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Looks for NaNs and infinities, so that they never enter a memory that would keep them.</summary>
public static class FiniteScan
{
    private const uint Exponent = 0x7F800000;

    // Values looked at between two tests of what was found.
    private const int Stride = 4096;

    /// <summary>Whether no value is a NaN or an infinity. Cost: one read of the values.</summary>
    /// <param name="values">The values.</param>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        while (bits.Length > Stride)
        {
            if (AnyNonFinite(bits[..Stride]))
            {
                return false;
            }

            bits = bits[Stride..];
        }

        return !AnyNonFinite(bits);
    }

    /// <summary>Index of the first NaN or infinity, −1 if there is none.</summary>
    /// <param name="values">The values.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        for (var start = 0; start < values.Length; start += Stride)
        {
            var part = values.Slice(start, Math.Min(Stride, values.Length - start));
            if (AnyNonFinite(MemoryMarshal.Cast<float, uint>(part)))
            {
                return start + ScalarReference.IndexOfNonFinite(part);
            }
        }

        return -1;
    }

    private static bool AnyNonFinite(ReadOnlySpan<uint> bits)
    {
        ref var from = ref MemoryMarshal.GetReference(bits);
        var mask = new Vector<uint>(Exponent);
        Vector<uint> found = Vector<uint>.Zero, alsoFound = Vector<uint>.Zero;
        var i = 0;
        for (; i <= bits.Length - (2 * Vector<uint>.Count); i += 2 * Vector<uint>.Count)
        {
            found |= Vector.Equals(Vector.LoadUnsafe(ref from, (nuint)i) & mask, mask);
            alsoFound |= Vector.Equals(Vector.LoadUnsafe(ref from, (nuint)(i + Vector<uint>.Count)) & mask, mask);
        }

        var any = !Vector.EqualsAll(found | alsoFound, Vector<uint>.Zero);
        for (; i < bits.Length; i++)
        {
            any |= (bits[i] & Exponent) == Exponent;
        }

        return any;
    }
}
