using System.Runtime.Intrinsics;

namespace Sidestep;

/// <summary>Inner products with reproducible bits.</summary>
public static class Dot
{
    /// <summary>Σ x[i]·y[i] in sixteen fixed double lanes (lane i mod 16), added pairwise: the same bits on every machine.</summary>
    /// <param name="x">The one vector.</param>
    /// <param name="y">The other, equally long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Product(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Lengths.Equal(x.Length, y.Length, nameof(y));
        return LaneSum.Sum<Term>(x, y);
    }

    private readonly struct Term : ILaneTerm
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x * y;
    }
}
