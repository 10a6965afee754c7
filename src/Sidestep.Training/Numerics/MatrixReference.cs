using System.Numerics;

namespace Sidestep.Training;

/// <summary>The definition of the managed product, one element at a time: what the vector kernels are tested against, and products in double.</summary>
public static class MatrixReference
{
    /// <summary>C = β·C + α·A·B. Every element is summed over the inner index in order from 0, each product and each sum rounded.</summary>
    /// <typeparam name="T">The scalar.</typeparam>
    /// <param name="alpha">The multiplier of the product.</param>
    /// <param name="a">rows × inner.</param>
    /// <param name="b">inner × columns.</param>
    /// <param name="beta">The multiplier of what C holds; with 0 C is overwritten, whatever it holds.</param>
    /// <param name="c">At least rows × columns elements, row-major.</param>
    public static void Multiply<T>(T alpha, in MatrixView<T> a, in MatrixView<T> b, T beta, Span<T> c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < b.Columns; j++)
            {
                var sum = T.Zero;
                for (var k = 0; k < a.Columns; k++)
                {
                    sum += a.Values[(i * a.RowStep) + (k * a.ColumnStep)] * b.Values[(k * b.RowStep) + (j * b.ColumnStep)];
                }

                ref var target = ref c[(i * b.Columns) + j];
                target = T.IsZero(beta) ? alpha * sum : (beta * target) + (alpha * sum);
            }
        }
    }
}
