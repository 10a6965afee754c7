namespace Sidestep;

public static partial class ScalarReference
{
    /// <summary>See <see cref="ElementaryFunctions.Exp"/>.</summary>
    /// <param name="x">The argument.</param>
    public static float Exp(float x)
    {
        if (float.IsNaN(x))
        {
            return x;
        }

        var clamped = x > FloatSeries.ExpHighest ? FloatSeries.ExpHighest : x;
        clamped = clamped < FloatSeries.ExpLowest ? FloatSeries.ExpLowest : clamped;
        var k = ((clamped * FloatSeries.Log2E) + FloatSeries.RoundingShift) - FloatSeries.RoundingShift;
        var r = (clamped - (k * FloatSeries.Ln2High)) - (k * FloatSeries.Ln2Low);
        var p = FloatSeries.E7;
        p = (p * r) + FloatSeries.E6;
        p = (p * r) + FloatSeries.E5;
        p = (p * r) + FloatSeries.E4;
        p = (p * r) + FloatSeries.E3;
        p = (p * r) + 0.5f;
        p = ((p * (r * r)) + r) + 1f;

        // Two powers of two, since one alone would overflow or lose the denormal range.
        var power = (int)k;
        var half = power >> 1;
        return (p * PowerOfTwo(half)) * PowerOfTwo(power - half);
    }

    /// <summary>See <see cref="ElementaryFunctions.Log"/>.</summary>
    /// <param name="x">The argument.</param>
    public static float Log(float x)
    {
        var denormal = x < FloatSeries.SmallestNormal;
        var scaled = denormal ? x * FloatSeries.TwoTo23 : x;
        var bits = BitConverter.SingleToInt32Bits(scaled);

        // Adding the distance from √½ to 1 carries into the exponent exactly for mantissas of at least √2.
        bits += FloatSeries.One - FloatSeries.SqrtHalf;
        var k = (float)((bits >> 23) - 127 - (denormal ? 23 : 0));
        var m = BitConverter.Int32BitsToSingle((bits & FloatSeries.Mantissa) + FloatSeries.SqrtHalf);
        var f = m - 1f;
        var s = f / (2f + f);
        var z = s * s;
        var r = FloatSeries.L5;
        r = (r * z) + FloatSeries.L4;
        r = (r * z) + FloatSeries.L3;
        r = (r * z) + FloatSeries.L2;
        r = ((r * z) + FloatSeries.L1) * z;
        var halfSquare = 0.5f * (f * f);
        var tail = (s * (halfSquare + r)) + (k * FloatSeries.Ln2Low);
        var result = (k * FloatSeries.Ln2High) - ((halfSquare - tail) - f);
        result = x < float.PositiveInfinity ? result : x;
        result = x == 0f ? float.NegativeInfinity : result;
        return x < 0f ? float.NaN : result;
    }

    /// <summary>See <see cref="ElementaryFunctions.Tanh"/>.</summary>
    /// <param name="x">The argument.</param>
    public static float Tanh(float x)
    {
        var a = Math.Abs(x);
        var z = a * a;
        var fraction = ((14f * z) + 315f) / ((((15f * z) + 420f) * z) + 945f);
        var near = a - ((a * z) * fraction);
        var far = 1f - (2f / (Exp(a + a) + 1f));
        var magnitude = a < FloatSeries.TanhSwitch ? near : far;
        return MathF.CopySign(magnitude, x);
    }

    private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}
