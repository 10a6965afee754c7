namespace Sidestep.Training;

/// <summary>Products with OpenBLAS.</summary>
internal sealed unsafe class BlasProduct(OpenBlas library) : IMatrixProduct
{
    private const int RowMajor = 101;
    private const int AsItIs = 111;
    private const int Transposed = 112;

    public string NumericClass => library.NumericClass;

    public void Multiply(float alpha, in MatrixView<float> a, in MatrixView<float> b, float beta, Span<float> c)
    {
        MatrixProduct.Check(a, b, c);
        if (a.Rows == 0 || b.Columns == 0)
        {
            return;
        }

        fixed (float* left = a.Values, right = b.Values, target = c)
        {
            library.Sgemm(
                RowMajor,
                a.IsTransposed ? Transposed : AsItIs,
                b.IsTransposed ? Transposed : AsItIs,
                a.Rows,
                b.Columns,
                a.Columns,
                alpha,
                left,
                Math.Max(1, a.IsTransposed ? a.Rows : a.Columns),
                right,
                Math.Max(1, b.IsTransposed ? b.Rows : b.Columns),
                beta,
                target,
                b.Columns);
        }
    }
}
