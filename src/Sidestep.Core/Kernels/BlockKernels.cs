using System.Numerics;

namespace Sidestep;

/// <summary>Element-wise kernels that layouts use; no sums, hence free of order effects.</summary>
public static class BlockKernels
{
    /// <summary>destination[i] += weight · source[i]; the same bits as <see cref="Axpy.Add"/>.</summary>
    /// <param name="source">The values.</param>
    /// <param name="weight">The multiplier.</param>
    /// <param name="destination">At least as long as the source.</param>
    public static void AddScaled<T>(ReadOnlySpan<T> source, T weight, Span<T> destination)
        where T : unmanaged, INumberBase<T> => Axpy.Add(weight, source, destination);
}
