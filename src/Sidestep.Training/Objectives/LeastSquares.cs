namespace Sidestep.Training;

/// <summary>Least squares with a bias: ½(xᵀw + b − y)² + λ/2·‖w‖² per sample; the bias is free of the penalty.</summary>
/// <remarks>Tensors <c>layer0.weight</c> (1 × features) and <c>layer0.bias</c>; starts at zero. A gradient costs 4 operations per value.
/// Nothing is allocated. Bits do not depend on the machine.
/// <code>var objective = new LeastSquares(features: 40, l2: 0);</code></remarks>
public sealed class LeastSquares : IObjective, IDerivedMetrics
{
    // Steps on the way to r2.
    private const string Target = "target";
    private const string TargetSquare = "targetSquare";

    private readonly double _l2;

    /// <summary>Creates it.</summary>
    /// <param name="features">Features of a sample.</param>
    /// <param name="l2">λ, the weight of the penalty; at least 0.</param>
    /// <exception cref="ConfigurationException">A size or λ is not valid.</exception>
    public LeastSquares(int features, double l2)
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
    /// <exception cref="DataException">The samples have another number of features, or a target is not finite.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) =>
        LinearScore.Gradient<Loss>(Shape, _l2, batch, model, sum, stop);

    /// <summary>Adds "loss" (penalty included) and "mse", the mean squared error; "rmse", its root, and "r2", the share of the targets' variance explained, follow from them.</summary>
    /// <inheritdoc/>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        BatchCheck.Features(batch, Shape.Length - 1);
        BatchCheck.Lengths(Shape, model, model);
        var input = LayerInput.Of(batch);
        double loss = 0, sum = 0, squares = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            double target = batch.Labels.Span[i];
            loss += Loss.Of(LinearScore.Of(input, i, model), batch.Labels.Span[i], i).Loss;
            sum += target;
            squares += target * target;
        }

        metrics.Add("loss", loss + WeightPenalty.Loss(Shape, _l2, batch.Count, model), batch.Count);
        metrics.Add("mse", 2 * loss, batch.Count);
        metrics.Add(Target, sum, batch.Count);
        metrics.Add(TargetSquare, squares, batch.Count);
    }

    /// <inheritdoc/>
    public void Derive(IDictionary<string, double> means)
    {
        ArgumentNullException.ThrowIfNull(means);
        var variance = means[TargetSquare] - (means[Target] * means[Target]);
        means.Remove(Target);
        means.Remove(TargetSquare);
        means["rmse"] = Math.Sqrt(means["mse"]);
        means["r2"] = variance > 0 ? 1 - (means["mse"] / variance) : double.NaN;
    }

    private readonly struct Loss : IScalarLoss
    {
        public static (double Loss, double Slope) Of(double score, float label, int sample)
        {
            var error = score - BatchCheck.Target(label, sample);
            return (0.5 * error * error, error);
        }
    }
}
