using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The loops of the managed product: tiles of four rows by two vectors whose sums stay in registers over the whole inner index.</summary>
/// <remarks>Each element is summed over the inner index in order, so neither tiles nor vector width change a bit. Rows of A are read
/// where they lie; columns of B are copied into a panel when they do not lie next to each other or do not fill it.</remarks>
internal static class ManagedKernel
{
    private const int TileRows = 4;
    private const int WidestPanel = 32;

    /// <summary>Elements of scratch a product needs: one panel of B and one tile of sums.</summary>
    public static int ScratchLength(int inner) => checked((inner + TileRows) * WidestPanel);

    public static void Multiply<TSimd, TVector>(
        float alpha, in MatrixView<float> a, in MatrixView<float> b, float beta, Span<float> c, Span<float> scratch)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var width = 2 * TSimd.Width;
        var sums = scratch[..(TileRows * WidestPanel)];
        var panel = scratch[(TileRows * WidestPanel)..];
        for (var column = 0; column < b.Columns; column += width)
        {
            var columns = Math.Min(width, b.Columns - column);
            var isCopied = b.IsTransposed || columns < width;
            if (isCopied)
            {
                Pack(b, column, columns, width, panel);
            }

            ref var from = ref isCopied
                ? ref MemoryMarshal.GetReference(panel)
                : ref Unsafe.Add(ref MemoryMarshal.GetReference(b.Values), column);
            var step = isCopied ? width : b.Columns;
            for (var row = 0; row < a.Rows; row += TileRows)
            {
                var rows = Math.Min(TileRows, a.Rows - row);
                var target = c[((row * b.Columns) + column)..];
                if (rows == TileRows && columns == width)
                {
                    Tile<TSimd, TVector>(a, row, rows, ref from, step, alpha, beta, ref target[0], b.Columns);
                }
                else
                {
                    Tile<TSimd, TVector>(a, row, rows, ref from, step, 1, 0, ref sums[0], width);
                    Merge(sums, width, rows, columns, alpha, beta, target, b.Columns);
                }
            }
        }
    }

    // Rows beyond the last are the last one again; their sums are thrown away.
    private static void Tile<TSimd, TVector>(
        in MatrixView<float> a, int row, int rows, ref float b, int step, float alpha, float beta, ref float c, int stride)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(a.Values), row * a.RowStep);
        nint r1 = Math.Min(1, rows - 1) * a.RowStep, r2 = Math.Min(2, rows - 1) * a.RowStep, r3 = (rows - 1) * a.RowStep;
        nint next = a.ColumnStep, width = TSimd.Width;
        TVector s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (var k = a.Columns; k > 0; k--)
        {
            var b0 = TSimd.Load(ref b);
            var b1 = TSimd.Load(ref Unsafe.Add(ref b, width));
            var a0 = TSimd.Broadcast(first);
            s00 = TSimd.Add(s00, TSimd.Multiply(a0, b0));
            s01 = TSimd.Add(s01, TSimd.Multiply(a0, b1));
            var a1 = TSimd.Broadcast(Unsafe.Add(ref first, r1));
            s10 = TSimd.Add(s10, TSimd.Multiply(a1, b0));
            s11 = TSimd.Add(s11, TSimd.Multiply(a1, b1));
            var a2 = TSimd.Broadcast(Unsafe.Add(ref first, r2));
            s20 = TSimd.Add(s20, TSimd.Multiply(a2, b0));
            s21 = TSimd.Add(s21, TSimd.Multiply(a2, b1));
            var a3 = TSimd.Broadcast(Unsafe.Add(ref first, r3));
            s30 = TSimd.Add(s30, TSimd.Multiply(a3, b0));
            s31 = TSimd.Add(s31, TSimd.Multiply(a3, b1));
            first = ref Unsafe.Add(ref first, next);
            b = ref Unsafe.Add(ref b, step);
        }

        Put<TSimd, TVector>(s00, s01, alpha, beta, ref c);
        Put<TSimd, TVector>(s10, s11, alpha, beta, ref Unsafe.Add(ref c, stride));
        Put<TSimd, TVector>(s20, s21, alpha, beta, ref Unsafe.Add(ref c, 2 * stride));
        Put<TSimd, TVector>(s30, s31, alpha, beta, ref Unsafe.Add(ref c, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSimd, TVector>(TVector low, TVector high, float alpha, float beta, ref float c)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        ref var right = ref Unsafe.Add(ref c, TSimd.Width);
        var factor = TSimd.Broadcast(alpha);
        low = TSimd.Multiply(factor, low);
        high = TSimd.Multiply(factor, high);
        if (beta != 0)
        {
            var keep = TSimd.Broadcast(beta);
            low = TSimd.Add(TSimd.Multiply(keep, TSimd.Load(ref c)), low);
            high = TSimd.Add(TSimd.Multiply(keep, TSimd.Load(ref right)), high);
        }

        TSimd.Store(low, ref c);
        TSimd.Store(high, ref right);
    }

    private static void Merge(
        ReadOnlySpan<float> sums, int width, int rows, int columns, float alpha, float beta, Span<float> c, int stride)
    {
        for (var i = 0; i < rows; i++)
        {
            var from = sums.Slice(i * width, columns);
            var to = c.Slice(i * stride, columns);
            for (var j = 0; j < from.Length; j++)
            {
                to[j] = beta == 0 ? alpha * from[j] : (beta * to[j]) + (alpha * from[j]);
            }
        }
    }

    // Sixteen inner indices at a time, so that the panel's lines being written stay in the first-level cache.
    private static void Pack(in MatrixView<float> b, int column, int columns, int width, Span<float> panel)
    {
        const int Run = 16;
        var inner = b.Rows;
        int rowStep = b.RowStep, columnStep = b.ColumnStep;
        for (var start = 0; start < inner; start += Run)
        {
            var end = Math.Min(inner, start + Run);
            for (var j = 0; j < columns; j++)
            {
                ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(b.Values), ((column + j) * columnStep) + (start * rowStep));
                ref var to = ref panel[(start * width) + j];
                for (var k = 0; k < end - start; k++)
                {
                    Unsafe.Add(ref to, k * width) = Unsafe.Add(ref from, k * rowStep);
                }
            }

            for (var k = start; columns < width && k < end; k++)
            {
                panel.Slice((k * width) + columns, width - columns).Clear();
            }
        }
    }
}
