using Sidestep;

namespace NAMESPACE;

/// <summary>The keys of <c>"objective": { "kind": "two-layer-net", … }</c> in a spec.</summary>
public sealed record NetParameters(int Hidden = 32, double L2 = 0);

/// <summary>Your own model: a hidden layer of tanh neurons, one output, logistic loss, labels 0 and 1. <c>check</c> tells whether the gradient is right.</summary>
public sealed class TwoLayerNet(int features, int hidden, double l2) : IObjective
{
    private readonly double[] _neurons = new double[hidden];

    public ModelShape Shape { get; } = new(
    [
        new TensorShape("hidden.weight", [hidden, features]),
        new TensorShape("hidden.bias", [hidden]),
        new TensorShape("output.weight", [hidden]),
        new TensorShape("output.bias", [1]),
    ]);

    private int Bias => hidden * features;

    private int Output => Bias + hidden;

    public void Initialize(Rng rng, Span<float> model)
    {
        foreach (ref var parameter in model)
        {
            parameter = (float)rng.NextGaussian();
        }

        model[Output..].Clear();
    }

    // Adds the SUM over the samples, of the penalty too: workers' sums are added up and divided once.
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        double loss = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var sample = batch.Values.Span.Slice(i * features, features);
            var score = Score(sample, model);
            var label = batch.Labels.Span[i];
            loss += Loss(score, label);
            var slope = Sigmoid(score) - label;
            sum[^1] += (float)slope;
            for (var h = 0; h < hidden; h++)
            {
                sum[Output + h] += (float)(slope * _neurons[h]);
                var inner = slope * model[Output + h] * (1 - (_neurons[h] * _neurons[h]));
                sum[Bias + h] += (float)inner;
                for (var f = 0; f < features; f++)
                {
                    sum[(h * features) + f] += (float)(inner * sample[f]);
                }
            }
        }

        for (var w = 0; w < model.Length; w++)
        {
            sum[w] += (float)(batch.Count * l2 * model[w]);
        }

        return loss + Penalty(batch.Count, model);
    }

    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        double loss = 0;
        long right = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var score = Score(batch.Values.Span.Slice(i * features, features), model);
            loss += Loss(score, batch.Labels.Span[i]);
            right += (score > 0) == (batch.Labels.Span[i] > 0) ? 1 : 0;
        }

        metrics.Add("loss", loss + Penalty(batch.Count, model), batch.Count);
        metrics.Add("accuracy", right, batch.Count);
    }

    private static double Loss(double score, float label) => Math.Max(score, 0) - (score * label) + Math.Log(1 + Math.Exp(-Math.Abs(score)));

    private static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));

    private double Penalty(int samples, ReadOnlySpan<float> model)
    {
        double squares = 0;
        foreach (var parameter in model)
        {
            squares += (double)parameter * parameter;
        }

        return 0.5 * l2 * samples * squares;
    }

    private double Score(ReadOnlySpan<float> sample, ReadOnlySpan<float> model)
    {
        double score = model[^1];
        for (var h = 0; h < hidden; h++)
        {
            double inner = model[Bias + h];
            for (var f = 0; f < features; f++)
            {
                inner += (double)model[(h * features) + f] * sample[f];
            }

            _neurons[h] = Math.Tanh(inner);
            score += model[Output + h] * _neurons[h];
        }

        return score;
    }
}
