namespace Sidestep.Training;

/// <summary>Softmax and cross-entropy against one class per sample; measures <c>accuracy</c>.</summary>
/// <param name="Classes">Number of classes, at least 2; labels are 0 to classes − 1.</param>
public sealed record ClassLoss(int Classes) : NetworkLoss
{
    /// <inheritdoc/>
    public override void Check(MapShape scores)
    {
        BatchCheck.AtLeast(Classes, 2, "classes");
        if (scores != MapShape.Vector(Classes))
        {
            var flatten = scores.Positions > 1 ? "; put a flatten layer before the last dense layer" : string.Empty;
            throw new ConfigurationException($"the last layer gives {scores}; the loss takes {MapShape.Vector(Classes)}, one score per class{flatten}");
        }
    }

    /// <inheritdoc/>
    public override LossPass Open(MapShape scores) => new Pass(Classes);

    private sealed class Pass(int classes) : LossPass
    {
        private float[] _right = [];

        public override double Backward(in Batch batch, Span<float> scores) =>
            CrossEntropy.Backward(scores, batch.Labels.Span, classes, Scratch.Sized(ref _right, batch.Count));

        public override double Measure(in Batch batch, Span<float> scores, IMetrics metrics)
        {
            var (loss, hits) = CrossEntropy.Measure(scores, batch.Labels.Span, classes, Scratch.Sized(ref _right, batch.Count));
            metrics.Add("accuracy", hits, batch.Count);
            return loss;
        }
    }
}
