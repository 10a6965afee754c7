using System.Collections.Immutable;

namespace Sidestep;

/// <summary>A measured quantity.</summary>
/// <param name="Name">What was measured, such as <c>loss</c>.</param>
/// <param name="Value">Its value; NaN if there was nothing to measure.</param>
public readonly record struct Metric(string Name, double Value);

/// <summary>What measuring a model on a set of rows came to.</summary>
/// <param name="Metrics">In the order in which the objective first named them; each name once.</param>
public sealed record Evaluation(ImmutableArray<Metric> Metrics)
{
    /// <summary>The value of a metric; NaN if there is none of this name.</summary>
    /// <param name="name">Its name, such as <c>loss</c>.</param>
    public double this[string name]
    {
        get
        {
            foreach (var metric in Metrics)
            {
                if (metric.Name == name)
                {
                    return metric.Value;
                }
            }

            return double.NaN;
        }
    }
}

/// <summary>Rows on which a run measures its model.</summary>
/// <param name="Name">Such as <c>validation</c> or <c>test</c>; the full name of a metric is <c>validation.loss</c>.</param>
/// <param name="Metrics">Names of the metrics known before the run starts; an evaluation may hold further ones.</param>
/// <param name="Measure">Measures a model; called on the compute lane, one thread at a time.</param>
public sealed record EvaluationSet(
    string Name, ImmutableArray<string> Metrics, Func<ReadOnlyMemory<float>, CancellationToken, Evaluation> Measure)
{
    /// <summary>The full name of one of the set's metrics.</summary>
    /// <param name="metric">Its name in the set.</param>
    public string FullName(string metric) => $"{Name}.{metric}";
}

/// <summary>Which metric says how good a model is, and when a run that gets no better ends before its last round.</summary>
/// <remarks>A value is an improvement if it is better than the best so far by more than <see cref="MinDelta"/>; NaN never is. Patience is counted in
/// evaluations. Source: Prechelt, "Early stopping, but when?" (1998), the class UP.
/// <code>var watch = new Watch("validation.loss", LargerIsBetter: false, Patience: 5);</code></remarks>
/// <param name="Metric">Full name, such as <c>validation.loss</c>.</param>
/// <param name="LargerIsBetter">Whether larger values are better.</param>
/// <param name="Patience">The run ends after so many evaluations in a row without improvement; 0: never for this reason.</param>
/// <param name="MinDelta">What an improvement must exceed; finite, at least 0.</param>
/// <param name="Target">The run ends when the metric is as good as this; null: never for this reason.</param>
public sealed record Watch(string Metric, bool LargerIsBetter, int Patience = 0, double MinDelta = 0, double? Target = null);

/// <summary>Lowers the learning rate when the watched metric gets no better.</summary>
/// <remarks>After <see cref="Patience"/> evaluations in a row without improvement all later rates are multiplied by <see cref="Factor"/>, and counting
/// starts anew.</remarks>
/// <param name="Factor">Above 0 and below 1.</param>
/// <param name="Patience">Evaluations, at least 1.</param>
/// <param name="Least">The product of all factors does not go below this; from 0 to 1.</param>
public sealed record Plateau(double Factor, int Patience, double Least = 0);

/// <summary>The best model of a run so far.</summary>
/// <param name="Round">Rounds done when it was measured.</param>
/// <param name="Metric">Full name of the metric that says so.</param>
/// <param name="Value">The metric's value.</param>
public sealed record BestModel(long Round, string Metric, double Value);

/// <summary>An objective with metrics that are no means over samples, such as a root mean square or an F1 score.</summary>
/// <remarks><code>void IDerivedMetrics.Derive(IDictionary&lt;string, double&gt; means) => means["rmse"] = Math.Sqrt(means["mse"]);</code></remarks>
public interface IDerivedMetrics
{
    /// <summary>Called once an evaluation has seen all rows.</summary>
    /// <param name="means">The mean of every name <see cref="IObjective.Evaluate"/> added, NaN where the count is 0. May be changed: what it holds
    /// afterwards is the evaluation; names that were only steps on the way can be removed.</param>
    void Derive(IDictionary<string, double> means);
}
