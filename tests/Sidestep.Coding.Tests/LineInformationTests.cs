namespace Sidestep.Coding.Tests;

public sealed class LineInformationTests
{
    [Theory]
    [InlineData(3, 0.5, 0.4472)]
    [InlineData(4, 0.5, 0.4264)]
    [InlineData(6, 0.5, 0.3714)]
    public void Pairs_have_the_stated_coherence_and_Welch_bound(int blocks, double coherence, double welch)
    {
        var information = LineInformation.Of(PairLinesCode.Lines(blocks));
        Assert.Equal(coherence, information.Coherence, 1e-12);
        Assert.Equal(welch, information.WelchBound, 5e-5);
        Assert.True(information.IsTight);
        Assert.Equal(1, information.Condition, 1e-9);
        Assert.Equal(blocks, information.Rank);
    }

    [Fact]
    public void Shared_information_is_the_stated_one()
    {
        Assert.Equal(6.904, LineInformation.Of(PairLinesCode.Lines(4)).Shared, 5e-4);
        Assert.Equal(15.222, LineInformation.Of(AxesAndPairsCode.Lines(4)).Shared, 5e-4);
    }

    [Fact]
    public void Every_family_is_tight_by_the_stated_factor()
    {
        foreach (var (lines, factor) in new (LineSet, double)[]
        {
            (AxesCode.Lines(5), 1), (AxesCode.Lines(4, 3), 3), (PairLinesCode.Lines(5), 4), (AxesAndPairsCode.Lines(1), 1), (AxesAndPairsCode.Lines(2), 2), (AxesAndPairsCode.Lines(6), 6),
        })
        {
            Assert.True(LineInformation.Of(lines).IsTight);
            Assert.InRange(LineInformation.Of(lines).Tightness, 0, 1e-12);
            Assert.Equal(factor, (double)lines.Count / lines.Blocks);
            Assert.Equal(0.5 * lines.Blocks * Math.Log(1 + factor), LineInformation.Of(lines).Total, 1e-9);
        }
    }

    [Fact]
    public void Coherence_of_axes_and_pairs_is_that_of_45_degrees() =>
        Assert.Equal(Math.Sqrt(0.5), LineInformation.Of(AxesAndPairsCode.Lines(4)).Coherence, 1e-12);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equal_magnitudes_hold_ln_w_and_nothing_holds_more(int weight)
    {
        var lines = LineSet.Of([[.. Enumerable.Range(0, 4).Select(b => b < weight ? (b % 2 == 0 ? 2.0 : -2) : 0)]]);
        Assert.Equal(weight, lines.Weight(0));
        Assert.Equal(Math.Log(weight), LineInformation.Within(lines, 0), 1e-12);
        for (ulong seed = 0; seed < 20 && weight > 1; seed++)
        {
            var other = LineSet.Of([[.. Bench.Random(seed, 0, weight).Select(v => (double)v)]]);
            Assert.True(LineInformation.Within(other, 0) <= Math.Log(weight) + 1e-12);
        }
    }

    [Fact]
    public void Mutual_information_depends_on_the_angle_alone()
    {
        var lines = LineSet.Of([[1, 0], [1, 1], [-1, 1], [0, 3]]);
        Assert.Equal(-0.5 * Math.Log(0.5), LineInformation.Between(lines, 0, 1), 1e-12);
        Assert.Equal(LineInformation.Between(lines, 0, 1), LineInformation.Between(lines, 0, 2), 1e-12);
        Assert.Equal(0, LineInformation.Between(lines, 0, 3));
        Assert.Equal(double.PositiveInfinity, LineInformation.Of(AxesCode.Lines(2, 2)).Shared);
    }

    [Fact]
    public void Information_of_arrivals_is_the_log_determinant_in_any_order()
    {
        var lines = PairLinesCode.Lines(3);
        foreach (var variance in new[] { 1.0, 0.1, 4 })
        {
            foreach (var set in Bench.Subsets(6))
            {
                var information = LineInformation.OfArrivals(lines, set, variance);
                Assert.Equal(information, LineInformation.OfArrivals(lines, Bench.Shuffled(set, 3), variance), 1e-9);
                Assert.Equal(0.5 * Math.Log(Determinant(lines, set, variance)), information, 1e-9);
            }
        }
    }

    [Fact]
    public void No_set_of_lines_is_below_the_Welch_bound()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var count = 4 + (int)(seed % 5);
            var lines = LineSet.Of([.. Enumerable.Range(0, count).Select(i => (double[])[.. Bench.Random(seed, i, 3).Select(v => (double)v)])]);
            var information = LineInformation.Of(lines);
            Assert.True(information.Coherence >= information.WelchBound - 1e-12);
            Assert.True(information.Condition >= 1 - 1e-9);
        }
    }

    // det(I + V_F V_Fᵀ/σ²) for three blocks, as det(I + S/σ²).
    private static double Determinant(LineSet lines, int[] set, double variance)
    {
        var s = new double[3, 3];
        for (var a = 0; a < 3; a++)
        {
            for (var b = 0; b < 3; b++)
            {
                s[a, b] = (a == b ? 1 : 0) + set.Sum(i => lines[i][a] * lines[i][b] / variance);
            }
        }

        return (s[0, 0] * ((s[1, 1] * s[2, 2]) - (s[1, 2] * s[2, 1])))
            - (s[0, 1] * ((s[1, 0] * s[2, 2]) - (s[1, 2] * s[2, 0])))
            + (s[0, 2] * ((s[1, 0] * s[2, 1]) - (s[1, 1] * s[2, 0])));
    }
}
