namespace Sidestep.Coding.Tests;

public sealed class GreedyLinesTests
{
    [Fact]
    public void Six_lines_over_four_blocks_are_the_stated_ones()
    {
        var lines = GreedyDesign.Choose(4, 6);
        double[][] expected = [[1, 1, 0, 0], [0, 0, 1, 1], [1, -1, 0, 0], [0, 0, 1, -1], [1, 0, 1, 0], [0, 1, 0, 1]];
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(expected[i], lines[i].ToArray().Select(v => Math.Round(v * Math.Sqrt(2), 12)));
        }

        var information = LineInformation.Of(lines);
        Assert.Equal(0.5, information.Coherence, 1e-12);
        Assert.False(information.IsTight);
        Assert.All(Enumerable.Range(0, 4), b => Assert.Equal(1.5, Enumerable.Range(0, 6).Sum(i => lines[i][b] * lines[i][b]), 1e-12));
        var profile = RankProfile.Of(lines);
        Assert.Equal(13.0 / 15, profile.FullRank[4], 1e-12);
        Assert.Equal(1, profile.FullRank[5]);
        Assert.Equal(5, profile.AlwaysFrom);
    }

    [Fact]
    public void The_whole_pool_of_pairs_is_pair_lines()
    {
        var (greedy, pairs) = (GreedyDesign.Choose(4, 12), PairLinesCode.Lines(4));
        Assert.Equal(12, Enumerable.Range(0, 12).Select(i => string.Join(' ', greedy[i].ToArray())).Intersect(
            Enumerable.Range(0, 12).Select(i => string.Join(' ', pairs[i].ToArray()))).Count());
        Assert.True(LineInformation.Of(greedy).IsTight);
    }

    [Theory]
    [InlineData(3, 7, 3)]
    [InlineData(5, 9, 2)]
    [InlineData(5, 13, 3)]
    [InlineData(6, 20, 3)]
    public void Lines_are_distinct_of_bounded_weight_and_full_rank(int blocks, int count, int weight)
    {
        var lines = GreedyDesign.Choose(blocks, count, weight);
        Assert.Equal(count, lines.Count);
        Assert.Equal(blocks, lines.Rank);
        Assert.All(Enumerable.Range(0, count), i => Assert.InRange(lines.Weight(i), 1, weight));
        Assert.True(LineInformation.Of(lines).Coherence < 1 - 1e-6);
    }

    [Theory]
    [InlineData(2, 3, 3, "weight 1 to 2, not 3")]
    [InlineData(4, 3, 0, "weight 1 to 3, not 0")]
    [InlineData(4, 13, null, "12 lines of two blocks over 4 blocks")]
    [InlineData(3, 10, 2, "take 9 workers, more blocks, or a larger weight")]
    [InlineData(65, 10, null, "nearest is 64")]
    [InlineData(1, 1, null, "nearest is 2")]
    [InlineData(4, 3, null, "rank 3, below the 4 blocks")]
    public void Impossible_designs_are_refused(int blocks, int workers, int? weight, string sentence)
    {
        var error = Assert.Throws<ConfigurationException>(() => GreedyLinesCode.Create(blocks, workers, weight));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_lines_than_blocks_are_taken_when_asked_for()
    {
        var code = GreedyLinesCode.Create(4, 3, options: new LineOptions { Lossy = true });
        Assert.Equal(Exactness.Approximate, code.Guarantee.Exactness);
        Assert.Equal(3, code.Patience.Shares);
        Assert.Equal(0, code.Guarantee.Stragglers);
        Assert.Contains(
            "leave lossy out", Assert.Throws<ConfigurationException>(() => GreedyLinesCode.Create(4, 6, options: new LineOptions { Lossy = true })).Message, StringComparison.Ordinal);
    }
}
