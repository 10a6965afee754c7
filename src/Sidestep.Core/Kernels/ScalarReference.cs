using System.Numerics;

namespace Sidestep;

/// <summary>The kernels as plain loops: the definition that vector versions must match bit by bit.</summary>
public static partial class ScalarReference
{
    /// <summary>See <see cref="Sidestep.Axpy.Add"/>.</summary>
    /// <param name="weight">The multiplier.</param>
    /// <param name="source">The values.</param>
    /// <param name="destination">At least as long as the source; added to.</param>
    public static void Axpy<T>(T weight, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] += weight * source[i];
        }
    }

    /// <summary>See <see cref="Sidestep.Scale.Into"/>.</summary>
    /// <param name="factor">The multiplier.</param>
    /// <param name="source">The values.</param>
    /// <param name="destination">At least as long as the source; overwritten.</param>
    public static void Scale(float factor, ReadOnlySpan<float> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = factor * source[i];
        }
    }

    /// <summary>See <see cref="WeightedSum.Combine"/>.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="weights">One weight per vector.</param>
    /// <param name="destination">Overwritten.</param>
    public static void Combine<TVectors>(in TVectors vectors, ReadOnlySpan<float> weights, Span<float> destination)
        where TVectors : IVectors, allows ref struct
    {
        var set = vectors;
        for (var j = 0; j < destination.Length; j++)
        {
            var sum = weights.IsEmpty ? 0f : weights[0] * set[0][j];
            for (var v = 1; v < weights.Length; v++)
            {
                sum += weights[v] * set[v][j];
            }

            destination[j] = sum;
        }
    }

    /// <summary>See <see cref="Sidestep.Dot.Product"/>.</summary>
    /// <param name="x">The one vector.</param>
    /// <param name="y">The other, equally long.</param>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Span<double> lanes = stackalloc double[LaneSum.Lanes];
        lanes.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            lanes[i % LaneSum.Lanes] += (double)x[i] * y[i];
        }

        return Fold(lanes);
    }

    /// <summary>See <see cref="Norms.L1"/>.</summary>
    /// <param name="x">The vector.</param>
    public static double L1(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[LaneSum.Lanes];
        lanes.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            lanes[i % LaneSum.Lanes] += Math.Abs((double)x[i]);
        }

        return Fold(lanes);
    }

    /// <summary>See <see cref="Norms.LInf"/>, for vectors without NaN.</summary>
    /// <param name="x">The vector.</param>
    public static float LInf(ReadOnlySpan<float> x)
    {
        var largest = 0f;
        foreach (var value in x)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary>See <see cref="FiniteScan.IndexOfNonFinite"/>.</summary>
    /// <param name="values">The values.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static double Fold(Span<double> lanes)
    {
        for (var half = LaneSum.Lanes / 2; half > 0; half /= 2)
        {
            for (var lane = 0; lane < half; lane++)
            {
                lanes[lane] += lanes[lane + half];
            }
        }

        return lanes[0];
    }
}
