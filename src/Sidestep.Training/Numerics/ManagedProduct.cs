using System.Runtime.Intrinsics;

namespace Sidestep.Training;

/// <summary>Products with Sidestep's own kernels: the bits of <see cref="MatrixReference"/> at every vector width.</summary>
internal sealed class ManagedProduct : IMatrixProduct
{
    private float[] _panel = [];

    public string NumericClass => "managed-1";

    public void Multiply(float alpha, in MatrixView<float> a, in MatrixView<float> b, float beta, Span<float> c)
    {
        MatrixProduct.Check(a, b, c);
        var needed = ManagedKernel.ScratchLength(a.Columns);
        if (_panel.Length < needed)
        {
            _panel = GC.AllocateUninitializedArray<float>(needed);
        }

        if (Vector512.IsHardwareAccelerated)
        {
            ManagedKernel.Multiply<Simd512, Vector512<float>>(alpha, a, b, beta, c, _panel);
        }
        else
        {
            ManagedKernel.Multiply<Simd256, Vector256<float>>(alpha, a, b, beta, c, _panel);
        }
    }
}
