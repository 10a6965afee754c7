namespace Sidestep.Training;

/// <summary>Logistic regression with a bias: ln(1 + e^(−y(xᵀw + b))) + λ/2·‖w‖² per sample, y = ±1; the bias is free of the penalty.</summary>
/// <remarks>Tensors <c>layer0.weight</c> (1 × features) and <c>layer0.bias</c>; starts at zero. A gradient costs 4 operations per value.
/// Nothing is allocated. Bits do not depend on the machine. Other label pairs become ±1 when data are read.
/// <code>var objective = new Logistic(features: 300, l2: 1e-4);</code></remarks>
public sealed class Logistic : IObjective
{
    private readonly double _l2;

    /// <summary>Creates it.</summary>
    /// <param name="features">Features of a sample.</param>
    /// <param name="l2">λ, the weight of the penalty; at least 0.</param>
    /// <exception cref="ConfigurationException">A size or λ is not valid.</exception>
    public Logistic(int features, double l2)
    {
        Shape = LinearScore.Shape(features);
        _l2 = BatchCheck.Penalty(l2);
    }

    /// <inheritdoc/>
    public ModelShape Shape { get; }

    /// <summary>Zeros: the problem is convex.</summary>
    /// <inheritdoc/>
    public void Initialize(Rng rng, Span<float> model)
    {
        BatchCheck.Lengths(Shape, model, model);
        model.Clear();
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The samples have another number of features, or a label is not ±1.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) =>
        LinearScore.Gradient<Loss>(Shape, _l2, batch, model, sum, stop);

    /// <summary>Adds "loss" (penalty included) and "accuracy" (a positive score means 1, others −1).</summary>
    /// <inheritdoc/>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        BatchCheck.Features(batch, Shape.Length - 1);
        BatchCheck.Lengths(Shape, model, model);
        var input = LayerInput.Of(batch);
        double loss = 0;
        long hits = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var score = LinearScore.Of(input, i, model);
            var label = batch.Labels.Span[i];
            loss += Loss.Of(score, label, i).Loss;
            hits += score > 0 == label > 0 ? 1 : 0;
        }

        metrics.Add("loss", loss + WeightPenalty.Loss(Shape, _l2, batch.Count, model), batch.Count);
        metrics.Add("accuracy", hits, batch.Count);
    }

    private readonly struct Loss : IScalarLoss
    {
        // Only e^(−|margin|) is formed, so nothing overflows.
        public static (double Loss, double Slope) Of(double score, float label, int sample)
        {
            var sign = BatchCheck.Sign(label, sample);
            var margin = sign * score;
            var small = Portable.Exp(-Math.Abs(margin));
            var wrong = margin > 0 ? small / (1 + small) : 1 / (1 + small);
            return (Math.Max(-margin, 0) + LogOnePlus(small), -sign * wrong);
        }

        // ln(1 + e) without losing e when it is far below 1: Kahan's correction of the rounded sum.
        private static double LogOnePlus(double e)
        {
            var sum = 1 + e;
            return sum == 1 ? e : Portable.Log(sum) * (e / (sum - 1));
        }
    }
}
