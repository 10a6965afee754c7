namespace Sidestep.Training;

/// <summary>Single-precision matrix products on one core. One instance is used by one thread at a time.</summary>
public interface IMatrixProduct
{
    /// <summary>Products of equal class give equal bits for equal calls: <c>managed-1</c>, or <c>openblas VERSION CORE</c>.</summary>
    string NumericClass { get; }

    /// <summary>C = β·C + α·A·B.</summary>
    /// <remarks>Costs 2·rows·columns·inner operations. Nothing is allocated once the largest shape was seen.</remarks>
    /// <param name="alpha">The multiplier of the product.</param>
    /// <param name="a">rows × inner.</param>
    /// <param name="b">inner × columns.</param>
    /// <param name="beta">The multiplier of what C holds; with 0 C is overwritten, whatever it holds.</param>
    /// <param name="c">At least rows × columns elements, row-major. Must not overlap A or B.</param>
    /// <exception cref="ArgumentException">The shapes do not agree.</exception>
    void Multiply(float alpha, in MatrixView<float> a, in MatrixView<float> b, float beta, Span<float> c);
}
