using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Single-precision elementary functions over spans, with the same bits at every vector width and without vector instructions.</summary>
/// <remarks>Only IEEE + − × ÷, comparisons and bit operations are used, never a fused multiply-add. Errors: at most 2 ulp (tanh: 3).
/// The definitions one value at a time are in <see cref="ScalarReference"/>. For double precision see <see cref="Portable"/>.</remarks>
public static class ElementaryFunctions
{
    /// <summary>destination[i] = e^source[i]: argument reduction to |r| ≤ ½ ln 2 and Taylor's polynomial of degree 7.</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">At least as long; may be the source itself.</param>
    public static void Exp(ReadOnlySpan<float> source, Span<float> destination) => Apply<ExpOf>(source, destination);

    /// <summary>destination[i] = ln source[i]: argument reduction to [√½, √2) and the series of 2·artanh. NaN below 0, −∞ at ±0.</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">At least as long; may be the source itself.</param>
    public static void Log(ReadOnlySpan<float> source, Span<float> destination) => Apply<LogOf>(source, destination);

    /// <summary>destination[i] = tanh source[i]: Lambert's continued fraction (1768) to its fifth term below 0.625, else 1 − 2/(e^2x + 1).</summary>
    /// <param name="source">The arguments.</param>
    /// <param name="destination">At least as long; may be the source itself.</param>
    public static void Tanh(ReadOnlySpan<float> source, Span<float> destination) => Apply<TanhOf>(source, destination);

    private static void Apply<TFunction>(ReadOnlySpan<float> source, Span<float> destination)
        where TFunction : IFunction
    {
        Lengths.AtLeast(source.Length, destination.Length, nameof(destination));
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            TFunction.Of(Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = TFunction.Of(source[i]);
        }
    }

    private static Vector<float> PowerOfTwo(Vector<int> exponent) =>
        Vector.AsVectorSingle((exponent + new Vector<int>(127)) << 23);

    private interface IFunction
    {
        static abstract Vector<float> Of(Vector<float> x);

        static abstract float Of(float x);
    }

    private readonly struct ExpOf : IFunction
    {
        public static float Of(float x) => ScalarReference.Exp(x);

        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> highest = new(FloatSeries.ExpHighest), lowest = new(FloatSeries.ExpLowest);
            var clamped = Vector.ConditionalSelect(Vector.GreaterThan(x, highest), highest, x);
            clamped = Vector.ConditionalSelect(Vector.LessThan(clamped, lowest), lowest, clamped);
            var shift = new Vector<float>(FloatSeries.RoundingShift);
            var k = ((clamped * FloatSeries.Log2E) + shift) - shift;
            var r = (clamped - (k * FloatSeries.Ln2High)) - (k * FloatSeries.Ln2Low);
            var p = new Vector<float>(FloatSeries.E7);
            p = (p * r) + new Vector<float>(FloatSeries.E6);
            p = (p * r) + new Vector<float>(FloatSeries.E5);
            p = (p * r) + new Vector<float>(FloatSeries.E4);
            p = (p * r) + new Vector<float>(FloatSeries.E3);
            p = (p * r) + new Vector<float>(0.5f);
            p = ((p * (r * r)) + r) + Vector<float>.One;
            var power = Vector.ConvertToInt32(k);
            var half = power >> 1;
            var result = (p * PowerOfTwo(half)) * PowerOfTwo(power - half);
            return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
        }
    }

    private readonly struct LogOf : IFunction
    {
        public static float Of(float x) => ScalarReference.Log(x);

        public static Vector<float> Of(Vector<float> x)
        {
            var denormal = Vector.LessThan(x, new Vector<float>(FloatSeries.SmallestNormal));
            var scaled = Vector.ConditionalSelect(denormal, x * FloatSeries.TwoTo23, x);
            var bits = Vector.AsVectorInt32(scaled) + new Vector<int>(FloatSeries.One - FloatSeries.SqrtHalf);
            var exponent = (bits >> 23) - new Vector<int>(127) - (denormal & new Vector<int>(23));
            var k = Vector.ConvertToSingle(exponent);
            var mantissa = bits & new Vector<int>(FloatSeries.Mantissa);
            var f = Vector.AsVectorSingle(mantissa + new Vector<int>(FloatSeries.SqrtHalf)) - Vector<float>.One;
            var s = f / (new Vector<float>(2f) + f);
            var z = s * s;
            var r = new Vector<float>(FloatSeries.L5);
            r = (r * z) + new Vector<float>(FloatSeries.L4);
            r = (r * z) + new Vector<float>(FloatSeries.L3);
            r = (r * z) + new Vector<float>(FloatSeries.L2);
            r = ((r * z) + new Vector<float>(FloatSeries.L1)) * z;
            var halfSquare = (f * f) * 0.5f;
            var tail = (s * (halfSquare + r)) + (k * FloatSeries.Ln2Low);
            var result = (k * FloatSeries.Ln2High) - ((halfSquare - tail) - f);
            result = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(float.PositiveInfinity)), result, x);
            result = Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), new Vector<float>(float.NegativeInfinity), result);
            return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), new Vector<float>(float.NaN), result);
        }
    }

    private readonly struct TanhOf : IFunction
    {
        public static float Of(float x) => ScalarReference.Tanh(x);

        public static Vector<float> Of(Vector<float> x)
        {
            var a = Vector.Abs(x);
            var z = a * a;
            var numerator = (z * 14f) + new Vector<float>(315f);
            var denominator = (((z * 15f) + new Vector<float>(420f)) * z) + new Vector<float>(945f);
            var near = a - ((a * z) * (numerator / denominator));
            var far = Vector<float>.One - (new Vector<float>(2f) / (ExpOf.Of(a + a) + Vector<float>.One));
            var magnitude = Vector.ConditionalSelect(Vector.LessThan(a, new Vector<float>(FloatSeries.TanhSwitch)), near, far);
            var sign = Vector.AsVectorInt32(x) & new Vector<int>(int.MinValue);
            return Vector.AsVectorSingle(Vector.AsVectorInt32(Vector.Abs(magnitude)) | sign);
        }
    }
}
