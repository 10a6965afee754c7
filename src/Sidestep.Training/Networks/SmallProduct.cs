namespace Sidestep.Training;

/// <summary>Kernels for many small matrices: a BLAS spends more time on getting ready than on them.</summary>
internal static class SmallProduct
{
    /// <summary>Multiply-adds up to which our own kernels are the faster ones: 128 × 128 × 64.</summary>
    public const long Most = 1 << 20;

    /// <summary>Our own kernels for small products; they have the same bits everywhere, so a numeric class stays one.</summary>
    /// <param name="product">The kernels for large ones.</param>
    /// <param name="multiplyAdds">Size of the products.</param>
    public static IMatrixProduct Or(IMatrixProduct product, long multiplyAdds) => multiplyAdds > Most ? product : new ManagedProduct();
}
