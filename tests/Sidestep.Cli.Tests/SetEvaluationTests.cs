using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli.Tests;

/// <summary>A user's own metrics: named by the objective, summed over pieces, derived at the end.</summary>
public sealed class SetEvaluationTests
{
    [Fact]
    public void Means_are_taken_over_all_pieces_and_derived_metrics_come_last()
    {
        var evaluation = new SetEvaluation(new Counting(), Rows(1300));
        var measured = evaluation.Measure(new float[1], CancellationToken.None);
        Assert.Equal(["label", "rows", "none", "double"], measured.Metrics.Select(m => m.Name));
        Assert.Equal(649.5, measured["label"]);
        Assert.Equal(1, measured["rows"]);
        Assert.Equal(1299, measured["double"]);
        Assert.True(double.IsNaN(measured["none"]) && double.IsNaN(measured["unheard"]));
        Assert.Equal(measured.Metrics.AsEnumerable(), evaluation.Measure(new float[1], CancellationToken.None).Metrics);
        Assert.Equal(["label", "rows", "none", "double"], evaluation.Names(new float[1], CancellationToken.None).AsEnumerable());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("naïve")]
    [InlineData("two words")]
    public void Name_that_no_column_can_have_is_refused(string name) =>
        Assert.Contains("names are made of", Assert.Throws<ConfigurationException>(() =>
            new SetEvaluation(new Counting(name), Rows(3)).Measure(new float[1], CancellationToken.None)).Message, StringComparison.Ordinal);

    private static IRows Rows(int count) => Dataset.FromMemory(
        "numbers", 1, 0, Enumerable.Range(0, count).Select(i => (float)i).ToArray(), Enumerable.Range(0, count).Select(i => (float)i).ToArray()).Rows(1);

    private sealed class Counting(string name = "rows") : IObjective, IDerivedMetrics
    {
        public ModelShape Shape { get; } = ModelShape.Flat(1);

        public void Initialize(Rng rng, Span<float> model) => model.Clear();

        public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) => 0;

        public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
        {
            metrics.Add("label", batch.Labels.ToArray().Sum(l => (double)l), batch.Count);
            metrics.Add(name, batch.Count, batch.Count);
            metrics.Add("none", 0, 0);
        }

        public void Derive(IDictionary<string, double> means) => means["double"] = 2 * means["label"];
    }
}
