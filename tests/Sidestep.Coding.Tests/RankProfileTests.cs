namespace Sidestep.Coding.Tests;

public sealed class RankProfileTests
{
    [Fact]
    public void Four_blocks_of_pairs_have_the_stated_profile()
    {
        var profile = RankProfile.Of(PairLinesCode.Lines(4));
        Assert.Equal([0, 0, 0, 0, 0.6364, 0.9091, 0.9870, 1, 1, 1, 1, 1, 1], profile.FullRank.Select(f => Math.Round(f, 4)));
        Assert.All(profile.IsEnumerated, Assert.True);
        Assert.Equal(7, profile.AlwaysFrom);
    }

    // Every set is looked at; what the codes promise by formula must be what comes out.
    [Theory]
    [InlineData("pair-lines", 2)]
    [InlineData("pair-lines", 3)]
    [InlineData("pair-lines", 4)]
    [InlineData("axes-and-pairs", 1)]
    [InlineData("axes-and-pairs", 2)]
    [InlineData("axes-and-pairs", 3)]
    [InlineData("axes-and-pairs", 4)]
    [InlineData("axes", 5)]
    public void Promise_by_formula_is_what_enumeration_finds(string name, int blocks)
    {
        var code = Assert.IsType<LineCode>(CodeCatalog.Find(name).Create(new CodeParameters { Blocks = blocks }));
        var (least, n) = (code.ExactFrom, code.Lines.Count);

        // More lines never lower the rank: the sets of f_min and of one less say all.
        var sets = Bench.Subsets(n, least - 1).Where(s => s.Length <= least).ToLookup(s => s.Length, s => LineMath.Rank(code.Lines, s) == blocks);
        Assert.DoesNotContain(false, sets[least]);
        Assert.Contains(false, sets[least - 1]);
        Assert.Equal(least, RankProfile.Of(code.Lines).AlwaysFrom);
        Assert.Equal(n - least, code.Guarantee.Stragglers);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 5)]
    [InlineData(5, 7)]
    [InlineData(6, 9)]
    [InlineData(8, 13)]
    public void Pairs_tolerate_what_the_table_says(int blocks, int stragglers)
    {
        var lines = PairLinesCode.Lines(blocks);
        Assert.Equal(lines.Count - stragglers, RankProfile.Of(lines).AlwaysFrom);
        Assert.Equal(stragglers, blocks > 5 ? stragglers : PairLinesCode.Create(blocks).Guarantee.Stragglers);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(5, 8)]
    [InlineData(7, 12)]
    public void Axes_and_pairs_tolerate_two_less_than_twice_the_blocks(int blocks, int stragglers)
    {
        var lines = AxesAndPairsCode.Lines(blocks);
        Assert.Equal(lines.Count - stragglers, RankProfile.Of(lines).AlwaysFrom);
        Assert.Equal(stragglers, blocks > 4 ? stragglers : AxesAndPairsCode.Create(blocks).Guarantee.Stragglers);
    }

    [Fact]
    public void Two_blocks_of_axes_and_pairs_are_an_MDS_code() =>
        Assert.Equal([0.0, 0, 1, 1, 1], RankProfile.Of(AxesAndPairsCode.Lines(2)).FullRank.AsEnumerable());

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void General_lines_are_counted_like_signed_graphs(int blocks)
    {
        // Weight 3: not a signed graph. All sets are looked at.
        var lines = GreedyDesign.Choose(blocks, 9, 3);
        var worst = Bench.Subsets(9).Where(s => LineMath.Rank(lines, s) < blocks).Max(s => s.Length);
        Assert.Equal(worst + 1, RankProfile.Of(lines).AlwaysFrom);
    }

    [Fact]
    public void Beyond_enumeration_the_bound_is_never_below_the_truth()
    {
        // C(60, 7) sets are too many: the frame bound counts.
        var lines = GreedyDesign.Choose(8, 60, 3);
        var most = RankProfile.Of(lines).AlwaysFrom - 1;
        Assert.InRange(most, 45, 59);
        var inside = Enumerable.Range(0, 60).Count(i => lines[i][0] == 0);
        Assert.True(inside <= most);
    }

    [Fact]
    public void Drawn_profiles_agree_with_enumerated_ones()
    {
        // 30 lines: 593,775 sets of 6 are drawn from, 142,506 sets of 5 have no full rank.
        var profile = RankProfile.Of(PairLinesCode.Lines(6));
        Assert.False(profile.IsEnumerated[6]);
        Assert.Equal(21, profile.AlwaysFrom);
        var lines = PairLinesCode.Lines(6);
        var rng = new Rng(9, Purpose.Test, 0, 0, 0);
        var full = 0;
        for (var i = 0; i < 2000; i++)
        {
            full += LineMath.Rank(lines, LineMath.Draw(ref rng, 8, 30)) == 6 ? 1 : 0;
        }

        // Two estimates of 2,000 draws each: five standard errors of their difference.
        Assert.Equal(full / 2000.0, profile.FullRank[8], 5 * Math.Sqrt(2 * 0.25 / 2000));
        Assert.True(profile.FullRank.Zip(profile.FullRank.Skip(1)).All(pair => pair.First <= pair.Second + 1e-9));
    }
}
