namespace Sidestep.Training;

/// <summary>Opens kernels for matrix products.</summary>
public static class MatrixProduct
{
    /// <summary>Opens kernels.</summary>
    /// <remarks><code>var product = MatrixProduct.Create(KernelChoice.Auto);
    /// product.Multiply(1, new(x, 32, 784), new MatrixView&lt;float&gt;(w, 128, 784).Transposed, 0, z); // z = x·wᵀ</code></remarks>
    /// <param name="choice">Which.</param>
    /// <exception cref="ConfigurationException"><see cref="KernelChoice.Blas"/> was asked for and there is no usable OpenBLAS.</exception>
    public static IMatrixProduct Create(KernelChoice choice) => choice switch
    {
        KernelChoice.Managed => new ManagedProduct(),
        KernelChoice.Auto => OpenBlas.Library is { } found ? new BlasProduct(found) : new ManagedProduct(),
        KernelChoice.Blas => OpenBlas.Library is { } found
            ? new BlasProduct(found)
            : throw new ConfigurationException($"kernels: blas was asked for, but no usable OpenBLAS was found ({OpenBlas.Searched}); install it, or choose managed"),
        _ => throw new ConfigurationException($"kernels: {(int)choice} is not a choice; choose auto, managed or blas"),
    };

    internal static void Check(in MatrixView<float> a, in MatrixView<float> b, Span<float> c)
    {
        if (a.Columns != b.Rows)
        {
            throw new ArgumentException($"A is {a.Rows} × {a.Columns} and B is {b.Rows} × {b.Columns}: the inner sizes differ", nameof(b));
        }

        if (c.Length < (long)a.Rows * b.Columns)
        {
            throw new ArgumentException($"C needs {(long)a.Rows * b.Columns} elements, it has {c.Length}", nameof(c));
        }
    }
}
