using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Linear combinations of many vectors in one pass over memory: the decoder's and the mixers' inner loop.</summary>
public static class WeightedSum
{
    // 128 KiB of the destination stay in the second-level cache while groups of four vectors stream through it: each vector is
    // read from memory once, at most four at a time in long runs (measured: faster than eight at a time, or in shorter runs).
    private const int Tile = 32768;

    /// <summary>destination[j] = ((w₀·v₀[j] + w₁·v₁[j]) + w₂·v₂[j]) + …, in index order, multiply and add rounded separately.</summary>
    /// <remarks>The bits depend on the order of the vectors alone. Cost: every vector is read once, the destination is written once.</remarks>
    /// <typeparam name="TVectors">The set of vectors; a struct avoids an array of arrays.</typeparam>
    /// <param name="vectors">The vectors, all as long as the destination.</param>
    /// <param name="weights">One weight per vector.</param>
    /// <param name="destination">Overwritten; zero if there are no vectors. Must not overlap a vector.</param>
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
            return;
        }

        for (var start = 0; start < destination.Length; start += Tile)
        {
            var tile = destination.Slice(start, Math.Min(Tile, destination.Length - start));
            CombineTile(ref set, weights, start, tile);
        }
    }

    private static void CombineTile<TVectors>(ref TVectors set, ReadOnlySpan<float> weights, int start, Span<float> tile)
        where TVectors : IVectors, allows ref struct
    {
        for (var v = 0; v < weights.Length; v += 4)
        {
            var size = Math.Min(4, weights.Length - v);
            var group = new Group
            {
                A = set[v].Slice(start, tile.Length),
                B = size > 1 ? set[v + 1].Slice(start, tile.Length) : default,
                C = size > 2 ? set[v + 2].Slice(start, tile.Length) : default,
                D = size > 3 ? set[v + 3].Slice(start, tile.Length) : default,
                Weights = weights.Slice(v, size),
            };
            switch (size)
            {
                case 4:
                    Add<Four>(in group, tile, overwrite: v == 0);
                    break;
                case 3:
                    Add<Three>(in group, tile, overwrite: v == 0);
                    break;
                case 2:
                    Add<Two>(in group, tile, overwrite: v == 0);
                    break;
                default:
                    Add<One>(in group, tile, overwrite: v == 0);
                    break;
            }
        }
    }

    private static void Add<TSize>(in Group group, Span<float> tile, bool overwrite)
        where TSize : ISize
    {
        ref var to = ref MemoryMarshal.GetReference(tile);
        ref var a = ref MemoryMarshal.GetReference(group.A);
        ref var b = ref MemoryMarshal.GetReference(group.B);
        ref var c = ref MemoryMarshal.GetReference(group.C);
        ref var d = ref MemoryMarshal.GetReference(group.D);
        Vector<float> wa = new(group.Weights[0]), wb = new(TSize.Count > 1 ? group.Weights[1] : 0);
        Vector<float> wc = new(TSize.Count > 2 ? group.Weights[2] : 0), wd = new(TSize.Count > 3 ? group.Weights[3] : 0);
        var i = 0;
        for (; i <= tile.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var at = (nuint)i;
            var sum = wa * Vector.LoadUnsafe(ref a, at);
            sum = overwrite ? sum : Vector.LoadUnsafe(ref to, at) + sum;
            sum = TSize.Count > 1 ? sum + (wb * Vector.LoadUnsafe(ref b, at)) : sum;
            sum = TSize.Count > 2 ? sum + (wc * Vector.LoadUnsafe(ref c, at)) : sum;
            sum = TSize.Count > 3 ? sum + (wd * Vector.LoadUnsafe(ref d, at)) : sum;
            sum.StoreUnsafe(ref to, at);
        }

        AddScalar(in group, tile, i, overwrite);
    }

    private static void AddScalar(in Group group, Span<float> tile, int start, bool overwrite)
    {
        var size = group.Weights.Length;
        for (var i = start; i < tile.Length; i++)
        {
            var sum = group.Weights[0] * group.A[i];
            sum = overwrite ? sum : tile[i] + sum;
            sum = size > 1 ? sum + (group.Weights[1] * group.B[i]) : sum;
            sum = size > 2 ? sum + (group.Weights[2] * group.C[i]) : sum;
            tile[i] = size > 3 ? sum + (group.Weights[3] * group.D[i]) : sum;
        }
    }

    /// <summary>Up to four vectors of one tile.</summary>
    private ref struct Group
    {
        public ReadOnlySpan<float> A, B, C, D, Weights;
    }

    // How many vectors a group has, as a type, so that each size gets a loop without branches.
    private interface ISize
    {
        static abstract int Count { get; }
    }

    private readonly struct One : ISize
    {
        public static int Count => 1;
    }

    private readonly struct Two : ISize
    {
        public static int Count => 2;
    }

    private readonly struct Three : ISize
    {
        public static int Count => 3;
    }

    private readonly struct Four : ISize
    {
        public static int Count => 4;
    }
}
