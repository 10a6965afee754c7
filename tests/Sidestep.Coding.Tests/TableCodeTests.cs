using System.Collections.Immutable;
using FsCheck;
using FsCheck.Xunit;

namespace Sidestep.Coding.Tests;

public sealed class TableCodeTests
{
    [Theory]
    [InlineData("uncoded", 5, 0)]
    [InlineData("fractional-repetition", 6, 1)]
    [InlineData("fractional-repetition", 7, 2)]
    [InlineData("cyclic-repetition", 6, 2)]
    [InlineData("reissue", 4, 3)]
    public void Promise_measured_is_the_promise_the_built_in_code_states(string name, int workers, int stragglers)
    {
        var built = CodeCatalog.Find(name).Create(new CodeParameters { Workers = workers, Stragglers = stragglers, Seed = 5 });
        var measured = TableCode.Create("own", built.Table);
        Assert.Equal("own", measured.Name);
        Assert.Equal(stragglers, measured.Guarantee.Stragglers);
        Assert.Equal(built.Guarantee.Exactness, measured.Guarantee.Exactness);
        Assert.Equal(built.Guarantee.SteadyWeights, measured.Guarantee.SteadyWeights);
        Assert.Equal(built.Guarantee.Amplification, measured.Guarantee.Amplification, 1e-9);
    }

    [Fact]
    public void Partition_that_nobody_sends_is_named()
    {
        var table = UncodedCode.Create(3).Table;
        var error = Assert.Throws<ConfigurationException>(() => TableCode.Create("holey", table with { Rows = table.Rows.RemoveAt(1) }));
        Assert.Contains("nobody sends partition 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_add_up_to_nothing_are_refused()
    {
        // Both rows are multiples of g0 + 2 g1: no combination is g0 + g1.
        ImmutableArray<Item<float>> items = [new(0, [(0, 1f)]), new(0, [(1, 1f)]), new(1, [(0, 1f)]), new(1, [(1, 1f)])];
        ImmutableArray<Row<float>> rows = [new(0, [new(0, 0, 1f), new(1, 0, 2f)]), new(1, [new(2, 0, 2f), new(3, 0, 4f)])];
        var error = Assert.Throws<ConfigurationException>(() => TableCode.Create("flat", new CodeTable<float>(2, 2, 1, items, rows)));
        Assert.Contains("does not decode although everybody answers", error.Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 40)]
    public void Any_set_of_all_but_the_promised_stragglers_decodes(PositiveInt seed)
    {
        var rng = new Rng((ulong)seed.Get, Purpose.Test, 0, 0, 0);
        var workers = 2 + rng.Next(5);
        var code = TableCode.Create("drawn", Drawn(ref rng, workers), maxAmplification: 1e4);
        foreach (var missing in Enumerable.Range(0, 1 << workers).Where(m => int.PopCount(m) == code.Guarantee.Stragglers))
        {
            int[] rows = [.. Enumerable.Range(0, code.Table.Rows.Length).Where(r => (missing >> code.Table.Rows[r].Worker & 1) == 0)];
            Assert.Equal(DecodeStatus.Exact, DecodePlanner.Plan(code.Table, rows).Status);
        }
    }

    // Every worker's own partition with weight 1, and some of the others with small whole weights.
    private static CodeTable<float> Drawn(ref Rng rng, int workers)
    {
        var items = ImmutableArray.CreateBuilder<Item<float>>();
        var rows = ImmutableArray.CreateBuilder<Row<float>>();
        for (var worker = 0; worker < workers; worker++)
        {
            var terms = ImmutableArray.CreateBuilder<Term<float>>();
            for (var partition = 0; partition < workers; partition++)
            {
                var weight = partition < worker ? rng.Next(3) : partition == worker ? 1 : 0;
                if (weight > 0)
                {
                    terms.Add(new Term<float>(items.Count, 0, weight));
                    items.Add(new Item<float>(worker, [(partition, 1f)]));
                }
            }

            rows.Add(new Row<float>(worker, terms.ToImmutable()));
        }

        return new CodeTable<float>(workers, workers, 1, items.ToImmutable(), rows.ToImmutable());
    }
}
