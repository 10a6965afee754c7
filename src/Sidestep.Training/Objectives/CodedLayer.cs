using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Weight × one block of output neurons.</summary>
/// <param name="Block">The block, from 0.</param>
/// <param name="Weight">The multiplier.</param>
public readonly record struct BlockWeight(int Block, float Weight);

/// <summary>The kernels of a layer's gradient, plain and coded. With δ (samples × outputs) and X (samples × inputs) the gradient is δᵀX.</summary>
/// <remarks>A derivative code asks for Σ_b v_b·(δ_bᵀX), where δ_b are the columns of the neurons in block b. That equals (Σ_b v_b·δ_b)ᵀX:
/// with K blocks, δ is coded first and one product of 1/K the size is left. Source: Soto, Ilmer, Guan, Li, "Lightweight projective
/// derivative codes for compressed asynchronous gradient descent", ICML 2022 (the idea to code derivatives inside back-propagation).</remarks>
public static class CodedLayer
{
    /// <summary>coded = Σ_b v_b·δ_b; neurons beyond the last count as zero.</summary>
    /// <param name="delta">samples × outputs.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="outputs">Neurons of the layer.</param>
    /// <param name="partRows">Neurons of a block, padded: ⌈outputs/K⌉.</param>
    /// <param name="code">What to sum.</param>
    /// <param name="coded">samples × partRows; overwritten.</param>
    public static void Combine(
        ReadOnlySpan<float> delta, int samples, int outputs, int partRows, ReadOnlySpan<BlockWeight> code, Span<float> coded)
    {
        coded[..(samples * partRows)].Clear();
        for (var i = 0; i < samples; i++)
        {
            var row = delta.Slice(i * outputs, outputs);
            var target = coded.Slice(i * partRows, partRows);
            foreach (var (block, weight) in code)
            {
                var first = Math.Min(outputs, block * partRows);
                Axpy.Add(weight, row.Slice(first, Math.Min(partRows, outputs - first)), target);
            }
        }
    }

    /// <summary>sum += δᵀX.</summary>
    /// <remarks>Costs 2·samples·outputs·inputs operations for dense input, 2·outputs for each non-zero for sparse input.</remarks>
    /// <param name="product">The matrix kernels.</param>
    /// <param name="delta">samples × outputs, coded or not.</param>
    /// <param name="outputs">Columns of δ.</param>
    /// <param name="input">What the layer took in.</param>
    /// <param name="sum">outputs × inputs, row-major; added to.</param>
    public static void WeightGradient(
        IMatrixProduct product, ReadOnlySpan<float> delta, int outputs, in LayerInput input, Span<float> sum)
    {
        if (!input.IsSparse)
        {
            var x = new MatrixView<float>(input.Values, input.Samples, input.Features);
            product.Multiply(1, new MatrixView<float>(delta, input.Samples, outputs).Transposed, x, 1, sum);
            return;
        }

        for (var o = 0; o < outputs; o++)
        {
            var target = sum.Slice(o * input.Features, input.Features);
            for (var i = 0; i < input.Samples; i++)
            {
                var (start, count) = input.Range(i);
                SparseKernels.Add(delta[(i * outputs) + o], input.Columns.Slice(start, count), input.Values.Slice(start, count), target);
            }
        }
    }

    /// <summary>sum += Σ over samples of δ.</summary>
    /// <param name="delta">samples × outputs, coded or not.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="sum">One element per output; added to, sample after sample.</param>
    public static void BiasGradient(ReadOnlySpan<float> delta, int samples, Span<float> sum)
    {
        for (var i = 0; i < samples; i++)
        {
            TensorPrimitives.Add(sum, delta.Slice(i * sum.Length, sum.Length), sum);
        }
    }
}
