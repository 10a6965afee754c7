using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>Pooling at one place of a window, all channels; the same bits at every vector width.</summary>
internal static class PoolingKernels
{
    /// <summary>The largest values under the window; a NaN stays one.</summary>
    /// <param name="window">The first position under the window.</param>
    /// <param name="offsets">Distances of all positions under it.</param>
    /// <param name="output">One value per channel.</param>
    public static void Max(ref float window, ReadOnlySpan<int> offsets, Span<float> output)
    {
        var c = 0;
        for (; c <= output.Length - Vector<float>.Count; c += Vector<float>.Count)
        {
            LargestVector(ref Unsafe.Add(ref window, c), offsets).StoreUnsafe(ref output[0], (nuint)c);
        }

        for (; c < output.Length; c++)
        {
            output[c] = Largest(ref Unsafe.Add(ref window, c), offsets);
        }
    }

    /// <summary>Adds δ of each channel to δ of the first value under the window that is the largest.</summary>
    /// <param name="window">The first position under the window.</param>
    /// <param name="offsets">Distances of all positions under it.</param>
    /// <param name="delta">δ of the output, one value per channel.</param>
    /// <param name="target">δ of the first position under the window; added to.</param>
    public static void MaxBack(ref float window, ReadOnlySpan<int> offsets, ReadOnlySpan<float> delta, ref float target)
    {
        var c = 0;
        for (; c <= delta.Length - Vector<float>.Count; c += Vector<float>.Count)
        {
            ref var from = ref Unsafe.Add(ref window, c);
            var largest = LargestVector(ref from, offsets);
            var rest = Vector.LoadUnsafe(in delta[0], (nuint)c);
            foreach (var offset in offsets)
            {
                ref var to = ref Unsafe.Add(ref target, c + offset);
                var isIt = Vector.Equals(Vector.LoadUnsafe(ref Unsafe.Add(ref from, offset)), largest);
                (Vector.LoadUnsafe(ref to) + Vector.ConditionalSelect(isIt, rest, Vector<float>.Zero)).StoreUnsafe(ref to);
                rest = Vector.ConditionalSelect(isIt, Vector<float>.Zero, rest);
            }
        }

        for (; c < delta.Length; c++)
        {
            ref var from = ref Unsafe.Add(ref window, c);
            var largest = Largest(ref from, offsets);
            foreach (var offset in offsets)
            {
                if (Unsafe.Add(ref from, offset) == largest)
                {
                    Unsafe.Add(ref target, c + offset) += delta[c];
                    break;
                }
            }
        }
    }

    /// <summary>The means of the values under the window, summed position by position.</summary>
    public static void Mean(ref float window, ReadOnlySpan<int> offsets, Span<float> output)
    {
        var share = 1f / offsets.Length;
        var c = 0;
        for (; c <= output.Length - Vector<float>.Count; c += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            foreach (var offset in offsets)
            {
                sum += Vector.LoadUnsafe(ref Unsafe.Add(ref window, c + offset));
            }

            (sum * share).StoreUnsafe(ref output[0], (nuint)c);
        }

        for (; c < output.Length; c++)
        {
            var sum = 0f;
            foreach (var offset in offsets)
            {
                sum += Unsafe.Add(ref window, c + offset);
            }

            output[c] = sum * share;
        }
    }

    /// <summary>Adds an equal part of δ to δ of every position under the window.</summary>
    public static void MeanBack(ReadOnlySpan<int> offsets, ReadOnlySpan<float> delta, ref float target)
    {
        var share = 1f / offsets.Length;
        foreach (var offset in offsets)
        {
            ref var to = ref Unsafe.Add(ref target, offset);
            var c = 0;
            for (; c <= delta.Length - Vector<float>.Count; c += Vector<float>.Count)
            {
                var part = Vector.LoadUnsafe(in delta[0], (nuint)c) * share;
                (Vector.LoadUnsafe(ref to, (nuint)c) + part).StoreUnsafe(ref to, (nuint)c);
            }

            for (; c < delta.Length; c++)
            {
                Unsafe.Add(ref to, c) += delta[c] * share;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LargestVector(ref float from, ReadOnlySpan<int> offsets)
    {
        var largest = Vector.LoadUnsafe(ref from);
        foreach (var offset in offsets[1..])
        {
            largest = Vector.Max(largest, Vector.LoadUnsafe(ref Unsafe.Add(ref from, offset)));
        }

        return largest;
    }

    private static float Largest(ref float from, ReadOnlySpan<int> offsets)
    {
        var largest = from;
        foreach (var offset in offsets[1..])
        {
            largest = MathF.Max(largest, Unsafe.Add(ref from, offset));
        }

        return largest;
    }
}
