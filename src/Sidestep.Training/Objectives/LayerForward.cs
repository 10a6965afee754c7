namespace Sidestep.Training;

/// <summary>The affine part of a layer.</summary>
internal static class LayerForward
{
    /// <summary>z = x·Wᵀ + b, with W outputs × inputs.</summary>
    public static void Affine(
        IMatrixProduct product, in LayerInput input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> z)
    {
        var outputs = bias.Length;
        if (input.IsSparse)
        {
            AffineSparse(input, weight, bias, z);
            return;
        }

        // The bias goes in first and the product is added to it: no further pass.
        for (var i = 0; i < input.Samples; i++)
        {
            bias.CopyTo(z[(i * outputs)..]);
        }

        var x = new MatrixView<float>(input.Values, input.Samples, input.Features);
        product.Multiply(1, x, new MatrixView<float>(weight, outputs, input.Features).Transposed, 1, z);
    }

    private static void AffineSparse(in LayerInput input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> z)
    {
        for (var o = 0; o < bias.Length; o++)
        {
            var row = weight.Slice(o * input.Features, input.Features);
            for (var i = 0; i < input.Samples; i++)
            {
                var (start, count) = input.Range(i);
                z[(i * bias.Length) + o] =
                    (float)(bias[o] + SparseKernels.Dot(input.Columns.Slice(start, count), input.Values.Slice(start, count), row));
            }
        }
    }
}
