namespace Sidestep.Coding.Tests;

/// <summary>Oracles and laws of gradient codes from linear codes.</summary>
public sealed class GroupedLinearTests
{
    public static TheoryData<string, int, int, int, double> Instances => new()
    {
        { "repetition", 3, 1, 2, 1 }, { "split", 3, 3, 0, 1 }, { "parity", 3, 2, 1, 2.62 }, { "integer", 4, 2, 2, 2.62 },
        { "triangle", 6, 3, 2, 2.88 }, { "hamming", 7, 4, 2, 6.18 },
    };

    [Theory]
    [MemberData(nameof(Instances))]
    public void Inner_code_has_the_stated_parameters(string name, int load, int reduction, int stragglers, double condition)
    {
        var code = Inner(name);
        Assert.Equal((load, reduction, stragglers + 1), (code.Load, code.Reduction, code.Distance));
        Assert.InRange(code.WorstCondition, condition - 0.01, condition + 0.01);
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Any_tolerated_set_decodes_and_some_set_of_one_fewer_does_not(string name, int load, int reduction, int stragglers, double condition)
    {
        _ = (reduction, condition);
        foreach (var groups in (int[])[1, load <= 4 ? 2 : 1])
        {
            var code = GroupedLinearCode.Create(groups * load, Inner(name));
            Assert.Equal(stragglers, code.Guarantee.Stragglers);
            var sets = Bench.Subsets(groups * load).ToLookup(set => set.Length);
            Assert.All(sets[(groups * load) - stragglers], set => Assert.Equal(DecodeStatus.Exact, DecodePlanner.Plan(code.Table, set).Status));
            Assert.Contains(sets[(groups * load) - stragglers - 1], set => DecodePlanner.Plan(code.Table, set).Status != DecodeStatus.Exact);
        }
    }

    [Fact]
    public void Integer_code_sends_and_decodes_the_stated_messages()
    {
        var bench = new Bench(GroupedLinearCode.Create(4, InnerCodes.Integer), [[1, 2, 3, 4], [1, 0, 0, 1], [0, 1, 1, 0], [2, 2, 2, 2]], new ContiguousLayout(2));
        Assert.Equal([4, 5], bench.Payload(0));
        Assert.Equal([6, 7], bench.Payload(1));
        Assert.Equal([10, 12], bench.Payload(2));
        Assert.Equal([-2, -2], bench.Payload(3));
        Assert.Equal(0, bench.Round([2, 3]).Residual);
        Assert.Equal([4, 5, 6, 7], bench.Decode());
    }

    [Theory]
    [InlineData(4, 2, 4)]
    [InlineData(5, 3, 8)]
    [InlineData(6, 3, 21)]
    [InlineData(8, 4, 92)]
    public void Best_of_sixty_draws_is_conditioned_about_as_stated(int load, int reduction, double stated)
    {
        var conditions = Enumerable.Range(1, 9).Select(seed => InnerCodes.Gaussian(load, reduction, (ulong)seed).WorstCondition).Order().ToArray();
        Assert.InRange(conditions[4], stated / 2, stated * 2);
    }

    [Fact]
    public void Decodable_exactly_if_every_group_has_rank()
    {
        var code = GroupedLinearCode.Create(8, InnerCodes.Integer);
        foreach (var set in Bench.Subsets(8))
        {
            var rank = set.Count(w => w < 4) >= 2 && set.Count(w => w >= 4) >= 2;
            Assert.Equal(rank, DecodePlanner.Plan(code.Table, set).Status == DecodeStatus.Exact);
        }
    }

    [Fact]
    public void Unequal_groups_have_codes_of_their_sizes()
    {
        var code = GroupedLinearCode.Gaussian(11, 4, 2, seed: 1);
        Assert.Equal([10, 10, 10, 10, 10, 12, 12, 12, 12, 12, 12], code.Table.Rows.Select(r => r.Terms.Length));
        Assert.Equal(3, code.Guarantee.Stragglers);
    }

    [Theory]
    [InlineData(9, "8 or 12")]
    [InlineData(3, "nearest is 3")]
    public void Workers_that_are_no_groups_are_refused(int workers, string nearest) => Assert.Contains(
        nearest, Assert.Throws<ConfigurationException>(() => GroupedLinearCode.Create(workers, InnerCodes.Integer)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bad_generators_are_refused()
    {
        Assert.Contains("zero", Assert.Throws<ConfigurationException>(() => new InnerCode(new double[,] { { 1, 0 } })).Message, StringComparison.Ordinal);
        Assert.Contains("independent", Assert.Throws<ConfigurationException>(() => new InnerCode(new double[,] { { 1, 2 }, { 2, 4 } })).Message, StringComparison.Ordinal);
        Assert.Contains("no more rows", Assert.Throws<ConfigurationException>(() => new InnerCode(new double[,] { { 1 }, { 2 } })).Message, StringComparison.Ordinal);
        Assert.Contains("sets of columns", Assert.Throws<ConfigurationException>(() => InnerCodes.Gaussian(20, 10, 1)).Message, StringComparison.Ordinal);
    }

    private static InnerCode Inner(string name) => name switch
    {
        "repetition" => InnerCodes.Repetition(3),
        "split" => InnerCodes.Split(3),
        "parity" => InnerCodes.Parity(3),
        "integer" => InnerCodes.Integer,
        "triangle" => InnerCodes.Triangle,
        _ => InnerCodes.Hamming,
    };
}
