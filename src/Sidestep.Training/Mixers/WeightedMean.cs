using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A weighted mean of floats summed in double, one vector after another. The bits depend on the order of the vectors alone.</summary>
/// <remarks>Equal values give exactly that value: the sum is off by far less than half a unit of the float it is rounded to.</remarks>
internal static class WeightedMean
{
    /// <summary>sum[i] += weight·values[i], multiply and add rounded separately.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="values">The values.</param>
    /// <param name="sum">As long as the values.</param>
    public static void Add(double weight, ReadOnlySpan<float> values, Span<double> sum)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(sum[..values.Length]);
        var weights = new Vector<double>(weight);
        var half = (nuint)Vector<double>.Count;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var at = (nuint)i;
            Vector.Widen(Vector.LoadUnsafe(ref from, at), out var low, out var high);
            (Vector.LoadUnsafe(ref to, at) + (weights * low)).StoreUnsafe(ref to, at);
            (Vector.LoadUnsafe(ref to, at + half) + (weights * high)).StoreUnsafe(ref to, at + half);
        }

        AddScalar(weight, values[i..], sum[i..]);
    }

    /// <summary>The same, one value after another.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="values">The values.</param>
    /// <param name="sum">At least as long as the values.</param>
    public static void AddScalar(double weight, ReadOnlySpan<float> values, Span<double> sum)
    {
        for (var i = 0; i < values.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }

    /// <summary>mean[i] = sum[i] / total, rounded to float.</summary>
    /// <param name="sum">The weighted sum.</param>
    /// <param name="total">The sum of the weights, greater than 0.</param>
    /// <param name="mean">As long as the sum.</param>
    public static void Finish(ReadOnlySpan<double> sum, double total, Span<float> mean)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            mean[i] = (float)(sum[i] / total);
        }
    }
}
