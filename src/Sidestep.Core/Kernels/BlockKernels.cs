using System.Numerics;
using System.Numerics.Tensors;

namespace Sidestep;

/// <summary>Element-wise kernels that layouts use; no sums, hence free of order effects.</summary>
public static class BlockKernels
{
    /// <summary>destination[i] += weight · source[i]; with weight 1 a plain addition.</summary>
    /// <param name="source">The values.</param>
    /// <param name="weight">The multiplier.</param>
    /// <param name="destination">At least as long as the source.</param>
    public static void AddScaled<T>(ReadOnlySpan<T> source, T weight, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        var target = destination[..source.Length];
        if (weight == T.One)
        {
            TensorPrimitives.Add(target, source, target);
        }
        else
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] += weight * source[i];
            }
        }
    }
}
