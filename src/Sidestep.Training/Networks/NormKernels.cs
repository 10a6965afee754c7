using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidestep.Training;

/// <summary>Layer normalization of one row. Sums run in sixteen fixed lanes, added pairwise, so that bits do not depend on the vector width.</summary>
internal static class NormKernels
{
    /// <summary>Added to the variance.</summary>
    public const float Epsilon = 1e-5f;

    private const int Lanes = 16;

    /// <summary>normed = (x − mean)/√(variance + ε), output = gain ⊙ normed + offset.</summary>
    /// <param name="x">The row.</param>
    /// <param name="gain">As long.</param>
    /// <param name="offset">As long.</param>
    /// <param name="normed">As long; overwritten.</param>
    /// <param name="output">As long; overwritten.</param>
    /// <returns>1/√(variance + ε).</returns>
    public static float Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> offset, Span<float> normed, Span<float> output)
    {
        var mean = Sum(x) / x.Length;
        var scale = 1 / MathF.Sqrt((Centre(x, mean, normed) / x.Length) + Epsilon);
        ref var value = ref MemoryMarshal.GetReference(normed);
        ref var factor = ref MemoryMarshal.GetReference(gain);
        ref var shift = ref MemoryMarshal.GetReference(offset);
        ref var target = ref MemoryMarshal.GetReference(output[..x.Length]);
        var scales = Vector256.Create(scale);
        nuint i = 0;
        for (; i + (nuint)Vector256<float>.Count <= (nuint)x.Length; i += (nuint)Vector256<float>.Count)
        {
            var n = Vector256.LoadUnsafe(ref value, i) * scales;
            n.StoreUnsafe(ref value, i);
            ((n * Vector256.LoadUnsafe(ref factor, i)) + Vector256.LoadUnsafe(ref shift, i)).StoreUnsafe(ref target, i);
        }

        for (var j = (int)i; j < x.Length; j++)
        {
            normed[j] *= scale;
            output[j] = (normed[j] * gain[j]) + offset[j];
        }

        return scale;
    }

    /// <summary>With s = gain ⊙ δ and x̂ the normed row: result = (s − mean(s) − x̂·mean(s ⊙ x̂))·scale.</summary>
    /// <param name="delta">δ of the output.</param>
    /// <param name="gain">As long.</param>
    /// <param name="normed">As <see cref="Forward"/> left it.</param>
    /// <param name="scale">What <see cref="Forward"/> gave.</param>
    /// <param name="result">δ of the row; overwritten. Not the memory of <paramref name="delta"/>.</param>
    public static void Backward(ReadOnlySpan<float> delta, ReadOnlySpan<float> gain, ReadOnlySpan<float> normed, float scale, Span<float> result)
    {
        var (sum, along) = Products(delta, gain, normed, result);
        var (mean, slope) = (sum / delta.Length, along / delta.Length);
        ref var x = ref MemoryMarshal.GetReference(normed);
        ref var target = ref MemoryMarshal.GetReference(result);
        Vector256<float> means = Vector256.Create(mean), slopes = Vector256.Create(slope), scales = Vector256.Create(scale);
        nuint i = 0;
        for (; i + (nuint)Vector256<float>.Count <= (nuint)delta.Length; i += (nuint)Vector256<float>.Count)
        {
            var s = Vector256.LoadUnsafe(ref target, i);
            (((s - means) - (slopes * Vector256.LoadUnsafe(ref x, i))) * scales).StoreUnsafe(ref target, i);
        }

        for (var j = (int)i; j < delta.Length; j++)
        {
            result[j] = ((result[j] - mean) - (slope * normed[j])) * scale;
        }
    }

    private static float Sum(ReadOnlySpan<float> x)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        Vector256<float> low = default, high = default;
        nuint i = 0;
        for (; i + Lanes <= (nuint)x.Length; i += Lanes)
        {
            low += Vector256.LoadUnsafe(ref from, i);
            high += Vector256.LoadUnsafe(ref from, i + (Lanes / 2));
        }

        var rest = 0f;
        foreach (var value in x[(int)i..])
        {
            rest += value;
        }

        return Fold(low + high) + rest;
    }

    /// <summary>centred = x − mean.</summary>
    /// <returns>Σ centred².</returns>
    private static float Centre(ReadOnlySpan<float> x, float mean, Span<float> centred)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(centred[..x.Length]);
        var means = Vector256.Create(mean);
        Vector256<float> low = default, high = default;
        nuint i = 0;
        for (; i + Lanes <= (nuint)x.Length; i += Lanes)
        {
            var a = Vector256.LoadUnsafe(ref from, i) - means;
            var b = Vector256.LoadUnsafe(ref from, i + (Lanes / 2)) - means;
            a.StoreUnsafe(ref to, i);
            b.StoreUnsafe(ref to, i + (Lanes / 2));
            low += a * a;
            high += b * b;
        }

        var rest = 0f;
        for (var j = (int)i; j < x.Length; j++)
        {
            centred[j] = x[j] - mean;
            rest += centred[j] * centred[j];
        }

        return Fold(low + high) + rest;
    }

    /// <summary>result = gain ⊙ δ.</summary>
    /// <returns>Σ result, and Σ result ⊙ normed.</returns>
    private static (float Sum, float Along) Products(ReadOnlySpan<float> delta, ReadOnlySpan<float> gain, ReadOnlySpan<float> normed, Span<float> result)
    {
        ref var from = ref MemoryMarshal.GetReference(delta);
        ref var factor = ref MemoryMarshal.GetReference(gain[..delta.Length]);
        ref var x = ref MemoryMarshal.GetReference(normed[..delta.Length]);
        ref var to = ref MemoryMarshal.GetReference(result[..delta.Length]);
        Vector256<float> low = default, high = default, lowAlong = default, highAlong = default;
        nuint i = 0;
        for (; i + Lanes <= (nuint)delta.Length; i += Lanes)
        {
            var next = i + (Lanes / 2);
            var a = Vector256.LoadUnsafe(ref from, i) * Vector256.LoadUnsafe(ref factor, i);
            var b = Vector256.LoadUnsafe(ref from, next) * Vector256.LoadUnsafe(ref factor, next);
            a.StoreUnsafe(ref to, i);
            b.StoreUnsafe(ref to, next);
            low += a;
            high += b;
            lowAlong += a * Vector256.LoadUnsafe(ref x, i);
            highAlong += b * Vector256.LoadUnsafe(ref x, next);
        }

        float rest = 0, restAlong = 0;
        for (var j = (int)i; j < delta.Length; j++)
        {
            result[j] = delta[j] * gain[j];
            rest += result[j];
            restAlong += result[j] * normed[j];
        }

        return (Fold(low + high) + rest, Fold(lowAlong + highAlong) + restAlong);
    }

    private static float Fold(Vector256<float> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}
