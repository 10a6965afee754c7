namespace Sidestep.Coding.Tests;

public sealed class ImmediateWeightsTests
{
    public static TheoryData<string, int, int, bool> Codes => new()
    {
        { "uncoded", 5, 0, true }, { "drop-slowest", 5, 2, true }, { "reissue", 4, 0, true },
        { "fractional-repetition", 6, 2, true }, { "fractional-repetition", 7, 2, true },
        { "cyclic-repetition", 6, 2, false }, { "pair-lines", 6, 0, true }, { "pair-lines", 12, 0, true },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Increments_of_all_rows_add_up_to_the_gradient_in_any_order(string name, int workers, int stragglers, bool tight)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Workers = workers, Stragglers = stragglers, Seed = 3 });
        var weights = ImmediateWeights.Of(code);
        Assert.True(weights.IsComplete);
        Assert.Equal(tight, weights.IsTight);
        var bench = new Bench(code, length: 24);
        for (ulong seed = 0; seed < 3; seed++)
        {
            var sum = Sum(bench, weights, Bench.Shuffled([.. Enumerable.Range(0, bench.Rows)], seed));
            Assert.All(sum.Zip(bench.Sum), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        }
    }

    [Fact]
    public void Tight_frames_get_the_matched_filter()
    {
        var code = PairLinesCode.Create(4);
        var weights = ImmediateWeights.Of(code);
        for (var row = 0; row < 12; row++)
        {
            Assert.Equal(code.Table.Rows[row].Terms.Select(t => (t.Block, Math.Round(t.Weight / 3.0, 6))), weights.Of(row).Select(w => (w.Block, Math.Round(w.Weight, 6))));
        }
    }

    [Fact]
    public void Repetition_shares_the_sum_among_its_copies()
    {
        var weights = ImmediateWeights.Of(FractionalRepetitionCode.Create(7, 2));
        Assert.All(Enumerable.Range(0, 3), row => Assert.Equal([(0, 1.0 / 3)], weights.Of(row)));
        Assert.All(Enumerable.Range(3, 4), row => Assert.Equal([(0, 0.25)], weights.Of(row)));
    }

    [Fact]
    public void Rows_on_request_have_none()
    {
        var weights = ImmediateWeights.Of(ReissueCode.Create(3));
        Assert.Equal([(0, 1.0)], weights.Of(2));
        Assert.Empty(weights.Of(3));
        Assert.False(ImmediateWeights.Of(DynamicShardsCode.Create(3)).IsComplete);
    }

    [Fact]
    public void Frame_that_is_not_tight_gets_least_norm_weights()
    {
        // (1, 0), (0, 1), (1, 1)/√2: S = [[1.5, 0.5], [0.5, 1.5]].
        var half = (float)Math.Sqrt(0.5);
        var table = new CodeTable<float>(
            3, 1, 2,
            [.. Enumerable.Range(0, 3).Select(i => new Item<float>(i, [(0, 1f)]))],
            [new(0, [new(0, 0, 1f)]), new(1, [new(1, 1, 1f)]), new(2, [new(2, 0, half), new(2, 1, half)])]);
        var weights = ImmediateWeights.Of(TableCode.Create("three", table));
        Assert.True(weights.IsComplete);
        Assert.False(weights.IsTight);
        Assert.Equal([0.75, -0.25], weights.Of(0).Select(w => Math.Round(w.Weight, 6)));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void Divided_by_the_part_that_comes_they_are_unbiased(double lost)
    {
        var bench = new Bench(PairLinesCode.Create(4), length: 4);
        var weights = ImmediateWeights.Of(bench.Code);
        const int Rounds = 40_000;
        var mean = new double[4];
        var rng = new Rng(5, Purpose.Test, 0, 0, 0);
        double[][] increments = [.. Enumerable.Range(0, 12).Select(row => Sum(bench, weights, [row]))];
        for (var round = 0; round < Rounds; round++)
        {
            for (var row = 0; row < 12; row++)
            {
                if (rng.NextDouble() >= lost)
                {
                    for (var i = 0; i < 4; i++)
                    {
                        mean[i] += increments[row][i] / (1 - lost) / Rounds;
                    }
                }
            }
        }

        // Five standard errors of a mean whose variance is q/(1 − q) · Σ increment².
        for (var i = 0; i < 4; i++)
        {
            var error = 5 * Math.Sqrt(lost / (1 - lost) * increments.Sum(x => x[i] * x[i]) / Rounds);
            Assert.Equal(bench.Sum[i], mean[i], error + 1e-5);
        }
    }

    internal static double[] Sum(Bench bench, ImmediateWeights weights, IEnumerable<int> rows)
    {
        var sum = new float[bench.Shape.Length];
        var total = new double[sum.Length];
        foreach (var row in rows)
        {
            foreach (var (block, weight) in weights.Of(row))
            {
                bench.Layout.Scatter<float>(block, bench.Shape, bench.Payload(row), sum);
                for (var i = 0; i < sum.Length; i++)
                {
                    total[i] += weight * sum[i];
                }

                Array.Clear(sum);
            }
        }

        return total;
    }
}
