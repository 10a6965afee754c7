namespace Sidestep;

/// <summary>Elementary functions in double with the same bits on every platform (only IEEE + − × ÷ and bit operations).</summary>
/// <remarks>Libm differs between systems; anything on a bit-exact path uses these. Accuracy: about 1 ulp.</remarks>
public static class Portable
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm by argument reduction to [√½, √2) and the atanh series.</summary>
    /// <param name="x">The argument.</param>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        var exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0;
            exponent = -54;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        // ln m = 2·atanh(s), s = (m − 1)/(m + 1), |s| ≤ 0.1716: 11 terms reach double precision.
        var f = m - 1;
        var s = f / (2 + f);
        var z = s * s;
        var r = 1.0 / 23;
        r = (r * z) + (1.0 / 21);
        r = (r * z) + (1.0 / 19);
        r = (r * z) + (1.0 / 17);
        r = (r * z) + (1.0 / 15);
        r = (r * z) + (1.0 / 13);
        r = (r * z) + (1.0 / 11);
        r = (r * z) + (1.0 / 9);
        r = (r * z) + (1.0 / 7);
        r = (r * z) + (1.0 / 5);
        r = (r * z) + (1.0 / 3);
        var tail = 2 * s * z * r;
        return (exponent * Ln2High) + ((2 * s) + (tail + (exponent * Ln2Low)));
    }

    /// <summary>Exponential by argument reduction to |r| ≤ ½ ln 2 and its Taylor series.</summary>
    /// <param name="x">The argument.</param>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > 709.782712893384)
        {
            return double.PositiveInfinity;
        }

        if (x < -745.2)
        {
            return 0;
        }

        var k = Math.Round(x * 1.4426950408889634);
        var r = (x - (k * Ln2High)) - (k * Ln2Low);
        var p = 1.0 / 6227020800;
        p = (p * r) + (1.0 / 479001600);
        p = (p * r) + (1.0 / 39916800);
        p = (p * r) + (1.0 / 3628800);
        p = (p * r) + (1.0 / 362880);
        p = (p * r) + (1.0 / 40320);
        p = (p * r) + (1.0 / 5040);
        p = (p * r) + (1.0 / 720);
        p = (p * r) + (1.0 / 120);
        p = (p * r) + (1.0 / 24);
        p = (p * r) + (1.0 / 6);
        p = (p * r) + 0.5;
        p = (p * r * r) + r + 1;
        return Math.ScaleB(p, (int)k);
    }

    /// <summary>Hyperbolic tangent: Lambert's continued fraction (1768) near 0, else 1 − 2/(e^2x + 1).</summary>
    /// <param name="x">The argument.</param>
    public static double Tanh(double x)
    {
        var a = Math.Abs(x);
        if (a > 20)
        {
            return Math.CopySign(1, x);
        }

        if (a < 0.625)
        {
            // The quotient below loses digits near 0: eight terms of the continued fraction, as x minus a correction.
            var z = x * x;
            var p = (((((z + 594) * z) + 45045) * z) + 675675) * z;
            var q = ((((((z + 630) * z) + 51975) * z) + 945945) * z) + 2027025;
            return Math.CopySign(a - (a * (p / q)), x);
        }

        var e = Exp(2 * a);
        return Math.CopySign(1 - (2 / (e + 1)), x);
    }
}
