using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks.Sequences;

public sealed class NextTokenLossTests
{
    private const int Length = 5;
    private const int Vocabulary = 4;
    private const int Count = 3;

    private static readonly Batch Rows = new()
    {
        Count = Count,
        Features = Length,
        Values = Enumerable.Range(0, Count * Length).Select(i => (float)(i * i % Vocabulary)).ToArray(),
        Labels = new float[] { 2, 0, 3 },
    };

    [Fact]
    public void Loss_is_the_mean_over_positions_against_the_token_that_follows()
    {
        var scores = Samples.Gaussian(5, Count * Length * Vocabulary);
        var expected = Loss(Samples.Wide(scores));
        Assert.Equal(expected, Open().Backward(Rows, (float[])scores.Clone()), 1e-6);
        var metrics = new Metrics();
        Assert.Equal(expected, Open().Measure(Rows, scores, metrics), 1e-6);
        Assert.Equal(Count * Length, metrics["accuracy"].Count);
    }

    [Fact]
    public void Delta_equals_central_differences_in_double()
    {
        var scores = Samples.Gaussian(6, Count * Length * Vocabulary);
        var wide = Samples.Wide(scores);
        Open().Backward(Rows, scores);
        for (var i = 0; i < scores.Length; i++)
        {
            const double H = 1e-5;
            var at = wide[i];
            wide[i] = at + H;
            var above = Loss(wide);
            wide[i] = at - H;
            Assert.Equal((above - Loss(wide)) / (2 * H), scores[i], 1e-6);
            wide[i] = at;
        }
    }

    [Fact]
    public void Accuracy_counts_the_positions_whose_largest_score_is_the_targets()
    {
        var scores = new float[Count * Length * Vocabulary];
        for (var i = 0; i < Count * Length; i++)
        {
            scores[(i * Vocabulary) + (i < 4 ? Target(i) : (Target(i) + 1) % Vocabulary)] = 1;
        }

        var metrics = new Metrics();
        Open().Measure(Rows, scores, metrics);
        Assert.Equal(4, metrics["accuracy"].Sum);
    }

    [Fact]
    public void Scores_of_another_vocabulary_are_refused() => Assert.Contains(
        "the last layer gives 5 × 1 × 7; next tokens of a vocabulary of 4 need as many scores at each position: end with a dense layer of 4 outputs",
        Assert.Throws<ConfigurationException>(() => new NextTokenLoss(Vocabulary).Check(MapShape.Sequence(Length, 7))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Layers_that_change_the_number_of_positions_are_refused() => Assert.Contains(
        "the rows have 5 tokens, but there are scores at 1 positions",
        Assert.Throws<DataException>(() => new NextTokenLoss(Vocabulary).Open(MapShape.Vector(Vocabulary)).Backward(Rows, new float[Count * Vocabulary])).Message,
        StringComparison.Ordinal);

    private static LossPass Open() => new NextTokenLoss(Vocabulary).Open(MapShape.Sequence(Length, Vocabulary));

    private static int Target(int i) => (int)(i % Length == Length - 1 ? Rows.Labels.Span[i / Length] : Rows.Values.Span[i + 1]);

    private static double Loss(double[] scores)
    {
        double loss = 0;
        for (var i = 0; i < Count * Length; i++)
        {
            var row = scores[(i * Vocabulary)..((i + 1) * Vocabulary)];
            loss += (Math.Log(row.Sum(Math.Exp)) - row[Target(i)]) / Length;
        }

        return loss;
    }
}
