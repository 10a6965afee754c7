using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Codes the factors of weight gradients and multiplies what is left; owns the buffers of coded factors.</summary>
internal sealed class FactorCoder(IMatrixProduct product)
{
    private float[] _left = [];
    private float[] _right = [];
    private int[] _columns = [];
    private int[] _starts = [];

    /// <summary>sum (+)= Σ over products of codedᵀ·coded, a padded part of the tensor's gradient.</summary>
    /// <param name="factors">The factors of the whole gradient.</param>
    /// <param name="cut">How the tensor is cut.</param>
    /// <param name="products">What of it is wanted.</param>
    /// <param name="sum">The part, row-major.</param>
    /// <param name="overwrite">Whether the sum starts at zero.</param>
    public void Add(in GradientFactors factors, in TensorCut cut, ImmutableArray<CodedProduct> products, Span<float> sum, bool overwrite)
    {
        if (factors.LeftColumns != cut.Rows || factors.Right.Features != cut.Columns)
        {
            throw new InvalidOperationException(
                $"the gradient of a {cut.Rows} × {cut.Columns} tensor was given as factors of {factors.LeftColumns} and {factors.Right.Features} columns");
        }

        foreach (var coded in products)
        {
            var left = Left(factors, cut, coded.Left.AsSpan());
            CodedLayer.WeightGradient(product, left, cut.PartRows, Right(factors.Right, cut, coded.Right.AsSpan()), sum[..cut.PartLength], overwrite);
            overwrite = false;
        }
    }

    private ReadOnlySpan<float> Left(in GradientFactors factors, in TensorCut cut, ReadOnlySpan<BlockWeight> code)
    {
        if (IsWhole(cut.RowParts, code))
        {
            return factors.Left;
        }

        var samples = factors.Right.Samples;
        var coded = Sized(ref _left, samples * cut.PartRows);
        CodedLayer.Combine(factors.Left, samples, cut.Rows, cut.PartRows, code, coded);
        return coded;
    }

    private LayerInput Right(in LayerInput input, in TensorCut cut, ReadOnlySpan<BlockWeight> code)
    {
        if (IsWhole(cut.ColumnParts, code))
        {
            return input;
        }

        if (!input.IsSparse)
        {
            var coded = Sized(ref _right, input.Samples * cut.PartColumns);
            CodedLayer.Combine(input.Values, input.Samples, cut.Columns, cut.PartColumns, code, coded);
            return new LayerInput(coded, input.Samples, cut.PartColumns);
        }

        var most = input.RowStarts[^1] - input.RowStarts[0];
        var values = Sized(ref _right, most);
        var columns = Sized(ref _columns, most);
        var starts = Sized(ref _starts, input.Samples + 1);
        var count = CodedLayer.Combine(input, cut.PartColumns, code, values, columns, starts);
        return new LayerInput(values[..count], columns[..count], starts, cut.PartColumns);
    }

    private static bool IsWhole(int parts, ReadOnlySpan<BlockWeight> code) => parts == 1 && code is [{ Weight: 1f }];

    private static Span<T> Sized<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<T>(length);
        }

        return buffer.AsSpan(0, length);
    }
}
