namespace Sidestep.Training;

/// <summary>What objectives of one score per sample share; dense and sparse rows. Bits do not depend on the machine.</summary>
internal static class LinearScore
{
    public static ModelShape Shape(int features) => new(
    [
        new TensorShape("layer0.weight", [1, BatchCheck.AtLeast(features, 1, nameof(features))]),
        new TensorShape("layer0.bias", [1]),
    ]);

    public static double Gradient<TLoss>(
        ModelShape shape, double l2, in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
        where TLoss : IScalarLoss
    {
        var features = shape.Length - 1;
        BatchCheck.Features(batch, features);
        BatchCheck.Lengths(shape, model, sum);
        var input = LayerInput.Of(batch);
        var labels = batch.Labels.Span;
        double loss = 0, biasSlope = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (i % BatchCheck.Chunk == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            var (sampleLoss, slope) = TLoss.Of(Of(input, i, model), labels[i], i);
            loss += sampleLoss;
            biasSlope += slope;
            AddRow((float)slope, input, i, sum[..features]);
        }

        sum[features] += (float)biasSlope;
        return loss + WeightPenalty.AddGradient(shape, l2, batch.Count, model, sum);
    }

    /// <summary>xᵢᵀw + b.</summary>
    public static double Of(in LayerInput input, int sample, ReadOnlySpan<float> model)
    {
        var weight = model[..^1];
        if (!input.IsSparse)
        {
            return Dot.Product(input.Row(sample), weight) + model[^1];
        }

        var (start, count) = input.Range(sample);
        return SparseKernels.Dot(input.Columns.Slice(start, count), input.Values.Slice(start, count), weight) + model[^1];
    }

    private static void AddRow(float slope, in LayerInput input, int sample, Span<float> sum)
    {
        if (!input.IsSparse)
        {
            Axpy.Add(slope, input.Row(sample), sum);
            return;
        }

        var (start, count) = input.Range(sample);
        SparseKernels.Add(slope, input.Columns.Slice(start, count), input.Values.Slice(start, count), sum);
    }
}
