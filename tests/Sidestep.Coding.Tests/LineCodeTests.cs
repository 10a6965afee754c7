namespace Sidestep.Coding.Tests;

/// <summary>Laws of derivative codes that have no other home.</summary>
public sealed class LineCodeTests
{
    private static readonly float Root = (float)Math.Sqrt(2);

    public static TheoryData<string> Families => ["pair-lines", "axes", "axes-and-pairs", "greedy-lines", "directions"];

    [Fact]
    public void Four_lines_over_two_blocks_send_and_decode_as_stated()
    {
        var code = AxesAndPairsCode.Create(2);
        var bench = new Bench(code, [[3, 1, -1, 5]], new ContiguousLayout(2));
        float[][] expected = [[3, 1], [-1, 5], [1.414214f, 4.242641f], [2.828427f, -2.828427f]];
        for (var row = 0; row < 4; row++)
        {
            Assert.All(expected[row].Zip(bench.Payload(row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }

        // g^(1) = −y_0 + √2·y_2; g^(0) = (y_2 + y_3)/√2, g^(1) = (y_2 − y_3)/√2.
        Assert.Equal([-1.0, Root], Weights(code, [0, 2], block: 1), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([1 / Root, 1.0 / Root], Weights(code, [2, 3], block: 0), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([1 / Root, -1.0 / Root], Weights(code, [2, 3], block: 1), (x, y) => Math.Abs(x - y) < 1e-6);
        foreach (var set in Bench.Subsets(4, 2))
        {
            Assert.Equal(0, bench.Round(set).Residual);
            Assert.InRange(bench.WorstError(bench.Decode()), 0, 1e-5);
        }

        var sum = ImmediateWeightsTests.Sum(bench, ImmediateWeights.Of(code), [2, 0, 3, 1]);
        Assert.All(sum.Zip(bench.Sum), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Peeling_and_projection_agree_and_are_exact_at_full_rank(string name)
    {
        // Nine coordinates are three blocks without padding, which a projection would fill and the vector drop.
        var bench = new Bench(Examples.Of(name, name == "axes-and-pairs" ? 9 : 6), length: 9);
        var lines = ((LineCode)bench.Code).Lines;
        var linear = new LinearDecoder(bench.Code.Table, bench.Layout, bench.Shape);
        var projected = new float[9];
        foreach (var set in Bench.Subsets(lines.Count))
        {
            var verdict = bench.Round(set);
            var rank = lines.Blocks - (int)Math.Round(verdict.Residual * verdict.Residual);
            Assert.Equal(LineMath.Rank(lines, set), rank);
            linear.Begin(0, []);
            foreach (var row in set)
            {
                linear.Offer(row, bench.Lease(row));
            }

            linear.Decode(projected);
            var estimate = bench.Decode();
            Assert.All(estimate.Zip(projected), pair => Assert.Equal(pair.Second, pair.First, 2e-5));
            var squared = estimate.Sum(e => (double)e * e);
            Assert.Equal(squared, estimate.Zip(bench.Sum, (e, s) => e * s).Sum(), 1e-3);
            Assert.True(squared <= bench.Sum.Sum(s => s * s) + 1e-3);
            if (rank == lines.Blocks)
            {
                Assert.InRange(bench.WorstError(estimate), 0, 2e-5);
            }
        }
    }

    // Isotropic blocks: 1 − rank/K for a projection, (K − 1)(n − f)/(f(n − 1)) for the immediate decoder with K/f instead of K/n.
    [Fact]
    public void Relative_errors_of_random_arrivals_are_the_stated_ones()
    {
        const int Trials = 4000;
        var code = PairLinesCode.Create(4);
        var lines = PairLinesCode.Lines(4);
        var rng = new Rng(11, Purpose.Test, 0, 0, 0);
        var blocks = new double[4];
        var plans = new Dictionary<int, DecodePlan>();
        foreach (var arrivals in new[] { 1, 2, 4, 6, 9, 12 })
        {
            double projected = 0, immediate = 0, expected = 0, squares = 0;
            for (var trial = 0; trial < Trials; trial++)
            {
                var set = LineMath.Draw(ref rng, arrivals, 12);
                for (var b = 0; b < 4; b++)
                {
                    blocks[b] = rng.NextGaussian();
                }

                var (d1, d2) = Errors(lines, set, blocks, PlanOf(set));
                projected += d1 / Trials;
                immediate += d2 / Trials;
                squares += d2 * d2 / Trials;
                expected += (1 - (LineMath.Rank(lines, set) / 4.0)) / Trials;
            }

            var theory = 3.0 * (12 - arrivals) / (arrivals * 11);
            Assert.Equal(expected, projected, 0.03);
            Assert.Equal(arrivals switch { 1 => 0.75, 2 => 0.5, 4 => 0.091, 6 => 0.0033, _ => 0 }, projected, 0.02);
            Assert.Equal(theory, immediate, (5 * Math.Sqrt((squares - (immediate * immediate) + 1e-9) / Trials)) + 1e-6);
        }

        DecodePlan PlanOf(int[] set)
        {
            var bits = set.Sum(i => 1 << i);
            return plans.TryGetValue(bits, out var plan) ? plan : plans[bits] = DecodePlanner.Plan(code.Table, set);
        }
    }

    [Fact]
    public void Stragglers_beyond_the_exact_ones_end_rounds_early_and_are_never_called_exact()
    {
        var exact = PairLinesCode.Create(4, new LineOptions { Stragglers = 5 });
        Assert.Equal(Patience.Exact, exact.Patience);
        Assert.Equal((5, Exactness.Numeric), (exact.Guarantee.Stragglers, exact.Guarantee.Exactness));
        var beyond = PairLinesCode.Create(4, new LineOptions { Stragglers = 8 });
        Assert.Equal(4, beyond.Patience.Shares);
        Assert.Equal(0, beyond.Patience.Residual);
        Assert.Equal((8, Exactness.Approximate), (beyond.Guarantee.Stragglers, beyond.Guarantee.Exactness));
        Assert.InRange(beyond.Guarantee.Amplification, exact.Guarantee.Amplification, 1024);
        Assert.Equal(exact.Table.Rows.SelectMany(r => r.Terms), beyond.Table.Rows.SelectMany(r => r.Terms));
        var axes = AxesCode.Create(4, 3, new LineOptions { Stragglers = 2 });
        Assert.Equal(Exactness.BitExact, axes.Guarantee.Exactness);
        Assert.Equal(Exactness.Approximate, AxesCode.Create(4, 3, new LineOptions { Stragglers = 3 }).Guarantee.Exactness);
    }

    [Fact]
    public void Certified_amplification_covers_every_full_rank_and_every_projected_set()
    {
        var code = PairLinesCode.Create(3, new LineOptions { Stragglers = 5 });
        foreach (var set in Bench.Subsets(6, 1))
        {
            Assert.True(DecodePlanner.Plan(code.Table, set).NoiseGain <= code.Guarantee.Amplification + 1e-6);
        }
    }

    [Fact]
    public void Missing_axes_leave_their_blocks_zero()
    {
        var bench = new Bench(AxesCode.Create(4, 2, new LineOptions { Stragglers = 4 }), [[1, 2, 3, 4]], new ContiguousLayout(4));
        Assert.Equal(1, bench.Round([5, 0, 2, 1]).Residual);
        Assert.Equal([1f, 2, 3, 0], bench.Decode());
    }

    [Theory]
    [InlineData(0, "1 to 341 data groups, not 0")]
    [InlineData(400, "nearest is 341")]
    public void Impossible_data_groups_are_refused(int groups, string sentence) => Assert.Contains(
        sentence, Assert.Throws<ConfigurationException>(() => PairLinesCode.Create(4, new LineOptions { Groups = groups })).Message, StringComparison.Ordinal);

    private static double[] Weights(ICode<float> code, int[] rows, int block)
    {
        var plan = DecodePlanner.Plan(code.Table, rows);
        return [.. Enumerable.Range(0, rows.Length).Select(i => plan.Weights[i, block])];
    }

    private static (double Projected, double Immediate) Errors(LineSet lines, int[] set, double[] blocks, DecodePlan plan)
    {
        double d1 = 0, d2 = 0;
        double[] sent = [.. set.Select(i => LineMath.Dot(lines[i], blocks))];
        for (var b = 0; b < 4; b++)
        {
            double projected = 0, immediate = 0;
            for (var i = 0; i < set.Length; i++)
            {
                projected += plan.Weights[i, b] * sent[i];
                immediate += 4.0 / set.Length * lines[set[i]][b] * sent[i];
            }

            d1 += (projected - blocks[b]) * (projected - blocks[b]);
            d2 += (immediate - blocks[b]) * (immediate - blocks[b]);
        }

        // Means of errors over those of squares: a ratio per draw would count short vectors double.
        return (d1 / 4, d2 / 4);
    }
}
