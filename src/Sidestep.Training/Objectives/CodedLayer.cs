using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Weight × one block of a factor's columns.</summary>
/// <param name="Block">The block, from 0.</param>
/// <param name="Weight">The multiplier.</param>
public readonly record struct BlockWeight(int Block, float Weight);

/// <summary>The kernels of a layer's gradient, plain and coded. With δ (samples × outputs) and X (samples × inputs) the gradient is δᵀX.</summary>
/// <remarks>A derivative code asks for Σ_b v_b·(δ_bᵀX), where δ_b are the columns of the neurons in block b. That equals (Σ_b v_b·δ_b)ᵀX:
/// with K blocks, δ is coded first and one product of 1/K the size is left. Blocks of inputs are coded in X likewise. Source: Soto, Ilmer, Guan, Li, "Lightweight projective
/// derivative codes for compressed asynchronous gradient descent", ICML 2022 (the idea to code derivatives inside back-propagation).</remarks>
public static class CodedLayer
{
    /// <summary>coded = Σ_b v_b·A_b, where A_b are the columns of block b; columns beyond the last count as zero.</summary>
    /// <remarks>Costs one multiply-add per row, block and column of a block.</remarks>
    /// <param name="factor">rows × columns: δ (blocks of neurons) or a layer's input (blocks of inputs).</param>
    /// <param name="rows">Samples, times positions.</param>
    /// <param name="columns">Columns of the factor.</param>
    /// <param name="partColumns">Columns of a block, padded: ⌈columns/K⌉.</param>
    /// <param name="code">What to sum.</param>
    /// <param name="coded">rows × partColumns; overwritten.</param>
    public static void Combine(
        ReadOnlySpan<float> factor, int rows, int columns, int partColumns, ReadOnlySpan<BlockWeight> code, Span<float> coded)
    {
        coded[..(rows * partColumns)].Clear();
        for (var i = 0; i < rows; i++)
        {
            var row = factor.Slice(i * columns, columns);
            var target = coded.Slice(i * partColumns, partColumns);
            foreach (var (block, weight) in code)
            {
                var first = Math.Min(columns, block * partColumns);
                Axpy.Add(weight, row.Slice(first, Math.Min(partColumns, columns - first)), target);
            }
        }
    }

    /// <summary>The same for rows in CSR form. A coded row may name a column several times: its values add up.</summary>
    /// <param name="input">Sparse rows.</param>
    /// <param name="partColumns">Columns of a block, padded.</param>
    /// <param name="code">What to sum, each block once.</param>
    /// <param name="values">Receives the non-zeros, at most as many as the input has.</param>
    /// <param name="columnOf">Receives their columns within a block.</param>
    /// <param name="starts">Receives samples + 1 starts.</param>
    /// <returns>The number of non-zeros.</returns>
    public static int Combine(
        in LayerInput input, int partColumns, ReadOnlySpan<BlockWeight> code, Span<float> values, Span<int> columnOf, Span<int> starts)
    {
        var count = 0;
        for (var i = 0; i < input.Samples; i++)
        {
            starts[i] = count;
            var (start, length) = input.Range(i);
            for (var j = start; j < start + length; j++)
            {
                var column = input.Columns[j];
                foreach (var (block, weight) in code)
                {
                    if (column / partColumns == block)
                    {
                        (values[count], columnOf[count]) = (weight * input.Values[j], column % partColumns);
                        count++;
                    }
                }
            }
        }

        starts[input.Samples] = count;
        return count;
    }

    /// <summary>sum += δᵀX.</summary>
    /// <remarks>Costs 2·samples·outputs·inputs operations for dense input, 2·outputs for each non-zero for sparse input.</remarks>
    /// <param name="product">The matrix kernels.</param>
    /// <param name="delta">samples × outputs, coded or not.</param>
    /// <param name="outputs">Columns of δ.</param>
    /// <param name="input">What the layer took in.</param>
    /// <param name="sum">outputs × inputs, row-major; added to.</param>
    /// <param name="overwrite">Whether the sum starts at zero, whatever is there.</param>
    public static void WeightGradient(
        IMatrixProduct product, ReadOnlySpan<float> delta, int outputs, in LayerInput input, Span<float> sum, bool overwrite = false)
    {
        if (!input.IsSparse)
        {
            var x = new MatrixView<float>(input.Values, input.Samples, input.Features);
            product.Multiply(1, new MatrixView<float>(delta, input.Samples, outputs).Transposed, x, overwrite ? 0 : 1, sum);
            return;
        }

        if (overwrite)
        {
            sum[..(outputs * input.Features)].Clear();
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
