namespace Sidestep.Coding.Tests;

/// <summary>Oracles and laws of Ye–Abbe codes.</summary>
public sealed class YeAbbeTests
{
    // n = 5, d = 3, m = 2, θ = −2 … 2: rows (i, u), columns workers.
    private static readonly double[,] Stated =
    {
        { 2, 0, 0, 2, 6 }, { -6, 0, 0, 0, 6 }, { 6, 2, 0, 0, 2 }, { -6, 0, 0, 0, 6 }, { 12, 6, 2, 0, 0 },
        { 12, 12, 6, 0, 0 }, { 0, -3, -4, -3, 0 }, { 0, 3, 0, -3, 0 }, { 0, 0, 2, 6, 12 }, { 0, 0, -6, -12, -12 },
    };

    [Fact]
    public void Polynomial_five_three_two_has_the_stated_weights()
    {
        var weights = YeAbbeCode.Coefficients(YeAbbeCode.Vandermonde([-2, -1, 0, 1, 2], 4), load: 3, reduction: 2);
        for (var row = 0; row < 10; row++)
        {
            for (var worker = 0; worker < 5; worker++)
            {
                Assert.Equal(Stated[row, worker], weights[row / 2, row % 2, worker], 10);
            }
        }
    }

    [Fact]
    public void Stated_decode_weights_give_the_stated_sum()
    {
        var weights = YeAbbeCode.Coefficients(YeAbbeCode.Vandermonde([-2, -1, 0, 1, 2], 4), load: 3, reduction: 2);
        double[,] decode = { { 0, -1.0 / 6 }, { 0.5, 0.5 }, { -1, -0.5 }, { 0.5, 1.0 / 6 } };
        for (var block = 0; block < 2; block++)
        {
            for (var cell = 0; cell < 10; cell++)
            {
                var sum = Enumerable.Range(0, 4).Sum(l => decode[l, block] * weights[cell / 2, cell % 2, l]);
                Assert.Equal(cell % 2 == block ? 1 : 0, sum, 10);
            }
        }
    }

    [Theory]
    [InlineData(5, 3, 2)]
    [InlineData(6, 4, 2)]
    [InlineData(8, 4, 3)]
    [InlineData(8, 4, 1)]
    [InlineData(8, 8, 8)]
    [InlineData(7, 7, 3)]
    [InlineData(10, 4, 3)]
    public void Any_tolerated_set_decodes_and_one_fewer_never(int workers, int load, int reduction)
    {
        foreach (var code in (ICode<float>[])[YeAbbeCode.Gaussian(workers, load, reduction, seed: 1, 1e5), YeAbbeCode.Polynomial(workers, load, reduction, 1e5)])
        {
            var enough = workers - load + reduction;
            Assert.Equal(load - reduction, code.Guarantee.Stragglers);
            foreach (var set in Bench.Subsets(workers).Where(s => s.Length >= enough - 1))
            {
                var status = DecodePlanner.Plan(code.Table, set).Status;
                Assert.True(set.Length >= enough == (status == DecodeStatus.Exact), $"{string.Join(",", set)}: {status}");
            }
        }
    }

    [Fact]
    public void Workers_weigh_only_what_they_store_and_send_a_part_of_the_length()
    {
        var code = YeAbbeCode.Gaussian(12, 4, 2, seed: 1, maxAmplification: 1e4);
        Assert.All(code.Table.Rows, row => Assert.All(row.Terms, term => Assert.InRange((code.Table.Items[term.Item].Mix[0].Partition - row.Worker + 12) % 12, 0, 3)));
        Assert.Equal(50, new ContiguousLayout(code.Table.Blocks).Length(0, ModelShape.Flat(100)));
        Assert.Equal(48, code.Table.Items.Length);
    }

    [Fact]
    public void Equal_seeds_give_equal_tables()
    {
        static float[] Weights(ulong seed) => [.. YeAbbeCode.Gaussian(8, 4, 2, seed).Table.Rows.SelectMany(r => r.Terms.Select(t => t.Weight))];
        Assert.Equal(Weights(3), Weights(3));
        Assert.NotEqual(Weights(3), Weights(4));
    }

    [Theory]
    [InlineData(8, 9, 1, "nearest is 8")]
    [InlineData(8, 3, 4, "nearest is 3")]
    [InlineData(8, 3, 0, "nearest is 1")]
    public void Bad_parameters_are_refused(int workers, int load, int reduction, string nearest)
    {
        Assert.Contains(nearest, Assert.Throws<ConfigurationException>(() => YeAbbeCode.Gaussian(workers, load, reduction, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("20", Assert.Throws<ConfigurationException>(() => YeAbbeCode.Polynomial(21, 4, 2)).Message, StringComparison.Ordinal);
    }
}
