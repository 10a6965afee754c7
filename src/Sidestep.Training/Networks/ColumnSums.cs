using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Sums over the rows of a matrix.</summary>
internal static class ColumnSums
{
    /// <summary>Rows that are summed from zero before they are added: shorter sums lose less.</summary>
    public const int Run = 128;

    /// <summary>sum[j] += Σ_i matrix[i, j]: 128 rows at a time, in order; the same bits at every vector width.</summary>
    /// <param name="matrix">rows × columns, row-major.</param>
    /// <param name="sum">One element per column.</param>
    public static void Add(ReadOnlySpan<float> matrix, Span<float> sum)
    {
        for (var start = 0; start < matrix.Length; start += Run * sum.Length)
        {
            AddRun<Values>(matrix.Slice(start, Math.Min(Run * sum.Length, matrix.Length - start)), default, sum);
        }
    }

    /// <summary>sum[j] += Σ_i matrix[i, j]·other[i, j], likewise.</summary>
    /// <param name="matrix">rows × columns, row-major.</param>
    /// <param name="other">As large.</param>
    /// <param name="sum">One element per column.</param>
    public static void AddProducts(ReadOnlySpan<float> matrix, ReadOnlySpan<float> other, Span<float> sum)
    {
        for (var start = 0; start < matrix.Length; start += Run * sum.Length)
        {
            var length = Math.Min(Run * sum.Length, matrix.Length - start);
            AddRun<Products>(matrix.Slice(start, length), other.Slice(start, length), sum);
        }
    }

    private static void AddRun<TTerm>(ReadOnlySpan<float> rows, ReadOnlySpan<float> other, Span<float> sum)
        where TTerm : ITerm
    {
        var columns = sum.Length;
        ref var x = ref MemoryMarshal.GetReference(rows);
        ref var y = ref MemoryMarshal.GetReference(other);
        ref var to = ref MemoryMarshal.GetReference(sum);
        var j = 0;
        for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
        {
            var total = Vector<float>.Zero;
            for (var at = j; at < rows.Length; at += columns)
            {
                total += TTerm.OfVector(ref x, ref y, (nuint)at);
            }

            (Vector.LoadUnsafe(ref to, (nuint)j) + total).StoreUnsafe(ref to, (nuint)j);
        }

        for (; j < columns; j++)
        {
            var total = 0f;
            for (var at = j; at < rows.Length; at += columns)
            {
                total += TTerm.Of(ref x, ref y, at);
            }

            sum[j] += total;
        }
    }

    private interface ITerm
    {
        static abstract Vector<float> OfVector(ref float x, ref float y, nuint at);

        static abstract float Of(ref float x, ref float y, int at);
    }

    private readonly struct Values : ITerm
    {
        public static Vector<float> OfVector(ref float x, ref float y, nuint at) => Vector.LoadUnsafe(ref x, at);

        public static float Of(ref float x, ref float y, int at) => Unsafe.Add(ref x, at);
    }

    private readonly struct Products : ITerm
    {
        public static Vector<float> OfVector(ref float x, ref float y, nuint at) => Vector.LoadUnsafe(ref x, at) * Vector.LoadUnsafe(ref y, at);

        public static float Of(ref float x, ref float y, int at) => Unsafe.Add(ref x, at) * Unsafe.Add(ref y, at);
    }
}
