using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidestep;

/// <summary>Norms with reproducible bits: sums in sixteen fixed double lanes, as <see cref="Dot"/>.</summary>
public static class Norms
{
    /// <summary>Σ |x[i]|.</summary>
    /// <param name="x">The vector.</param>
    public static double L1(ReadOnlySpan<float> x) => LaneSum.Sum<Magnitude>(x, x);

    /// <summary>√Σ x[i]²; cannot overflow.</summary>
    /// <param name="x">The vector.</param>
    public static double L2(ReadOnlySpan<float> x) => Math.Sqrt(SquaredL2(x));

    /// <summary>Σ x[i]²; squares of floats are exact in double.</summary>
    /// <param name="x">The vector.</param>
    public static double SquaredL2(ReadOnlySpan<float> x) => LaneSum.Sum<Square>(x, x);

    /// <summary>max |x[i]|, 0 for an empty vector, NaN if there is a NaN.</summary>
    /// <param name="x">The vector.</param>
    public static float LInf(ReadOnlySpan<float> x)
    {
        // Magnitudes order like their bits, and NaN lies above infinity.
        var bits = MemoryMarshal.Cast<float, int>(x);
        ref var from = ref MemoryMarshal.GetReference(bits);
        var mask = new Vector<int>(int.MaxValue);
        var best = Vector<int>.Zero;
        var i = 0;
        for (; i <= bits.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            best = Vector.Max(best, Vector.LoadUnsafe(ref from, (nuint)i) & mask);
        }

        var largest = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++)
        {
            largest = Math.Max(largest, best[lane]);
        }

        for (; i < bits.Length; i++)
        {
            largest = Math.Max(largest, bits[i] & int.MaxValue);
        }

        return BitConverter.Int32BitsToSingle(largest);
    }

    private readonly struct Magnitude : ILaneTerm
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Vector256.Abs(x);
    }

    private readonly struct Square : ILaneTerm
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x * x;
    }
}
