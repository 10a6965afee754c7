using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Linear combinations of many vectors in one pass over memory: the decoder's and the mixers' inner loop.</summary>
public static class WeightedSum
{
    // 16 KiB of the destination stay in the first-level cache while groups of four vectors stream through it:
    // each input is read from memory once, and no more than five streams compete for the prefetchers.
    private const int Tile = 4096;

    /// <summary>destination[j] = ((w₀·v₀[j] + w₁·v₁[j]) + w₂·v₂[j]) + …, in index order, multiply and add rounded separately.</summary>
    /// <remarks>The bits depend on the order of the vectors alone. Cost: every vector is read once, the destination is written once.</remarks>
    /// <typeparam name="TVectors">The set of vectors; a struct avoids an array of arrays.</typeparam>
    /// <param name="vectors">The vectors, all as long as the destination.</param>
    /// <param name="weights">One weight per vector.</param>
    /// <param name="destination">Overwritten; zero if there are no vectors. Must not overlap a vector other than exactly.</param>
    /// <exception cref="ArgumentException">Numbers or lengths do not agree.</exception>
    public static void Combine<TVectors>(in TVectors vectors, ReadOnlySpan<float> weights, Span<float> destination)
        where TVectors : IVectors, allows ref struct
    {
        var set = vectors;
        Lengths.Equal(set.Count, weights.Length, nameof(weights));
        for (var v = 0; v < weights.Length; v++)
        {
            Lengths.Equal(destination.Length, set[v].Length, nameof(vectors));
        }

        if (weights.IsEmpty)
        {
            destination.Clear();
        }

        for (var start = 0; start < destination.Length && !weights.IsEmpty; start += Tile)
        {
            var tile = destination.Slice(start, Math.Min(Tile, destination.Length - start));
            CombineTile(ref set, weights, start, tile);
        }
    }

    private static void CombineTile<TVectors>(ref TVectors set, ReadOnlySpan<float> weights, int start, Span<float> tile)
        where TVectors : IVectors, allows ref struct
    {
        var v = 0;
        for (; v <= weights.Length - 4; v += 4)
        {
            var four = new Four
            {
                A = set[v].Slice(start, tile.Length),
                B = set[v + 1].Slice(start, tile.Length),
                C = set[v + 2].Slice(start, tile.Length),
                D = set[v + 3].Slice(start, tile.Length),
                Weights = weights.Slice(v, 4),
            };
            AddFour(in four, tile, overwrite: v == 0);
        }

        for (; v < weights.Length; v++)
        {
            var source = set[v].Slice(start, tile.Length);
            if (v == 0)
            {
                Scale.Into(weights[v], source, tile);
            }
            else
            {
                Axpy.Add(weights[v], source, tile);
            }
        }
    }

    private static void AddFour(in Four four, Span<float> tile, bool overwrite)
    {
        ref var to = ref MemoryMarshal.GetReference(tile);
        ref var a = ref MemoryMarshal.GetReference(four.A);
        ref var b = ref MemoryMarshal.GetReference(four.B);
        ref var c = ref MemoryMarshal.GetReference(four.C);
        ref var d = ref MemoryMarshal.GetReference(four.D);
        Vector<float> wa = new(four.Weights[0]), wb = new(four.Weights[1]);
        Vector<float> wc = new(four.Weights[2]), wd = new(four.Weights[3]);
        var i = 0;
        for (; i <= tile.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var at = (nuint)i;
            var sum = wa * Vector.LoadUnsafe(ref a, at);
            if (!overwrite)
            {
                sum = Vector.LoadUnsafe(ref to, at) + sum;
            }

            sum += wb * Vector.LoadUnsafe(ref b, at);
            sum += wc * Vector.LoadUnsafe(ref c, at);
            sum += wd * Vector.LoadUnsafe(ref d, at);
            sum.StoreUnsafe(ref to, at);
        }

        AddFourScalar(in four, tile, i, overwrite);
    }

    private static void AddFourScalar(in Four four, Span<float> tile, int start, bool overwrite)
    {
        for (var i = start; i < tile.Length; i++)
        {
            var sum = four.Weights[0] * four.A[i];
            sum = overwrite ? sum : tile[i] + sum;
            sum += four.Weights[1] * four.B[i];
            sum += four.Weights[2] * four.C[i];
            tile[i] = sum + (four.Weights[3] * four.D[i]);
        }
    }

    private ref struct Four
    {
        public ReadOnlySpan<float> A, B, C, D, Weights;
    }
}
