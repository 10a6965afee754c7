using System.Collections.Immutable;

namespace Sidestep.Training.Tests.Sources;

public sealed class CodedProductTests
{
    [Theory]
    [InlineData(4, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void Products_sum_to_the_weights_of_the_parts_for_all_pairs(int rowParts, int columnParts)
    {
        var parts = rowParts * columnParts;
        for (var a = 0; a < parts; a++)
        {
            for (var b = a + 1; b < parts; b++)
            {
                ImmutableArray<BlockWeight> weights = [new(a, 0.70710677f), new(b, -0.70710677f)];
                var products = CodedProduct.Of(weights, rowParts, columnParts);
                Assert.Equal(Dense(weights, parts), Dense(products, columnParts, parts));
                var isOneSided = rowParts == 1 || columnParts == 1 || a / columnParts == b / columnParts || a % columnParts == b % columnParts;
                Assert.Equal(isOneSided ? 1 : 2, products.Length);
            }
        }
    }

    [Fact]
    public void Weights_of_rank_one_code_both_sides()
    {
        float[] v = [0.6f, -0.3f, 1.7f], u = [0.9f, 0.1f];
        ImmutableArray<BlockWeight> weights = [.. from r in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 2) select new BlockWeight((r * 2) + c, v[r] * u[c])];
        var product = Assert.Single(CodedProduct.Of(weights, 3, 2));
        Assert.Equal((3, 2), (product.Left.Length, product.Right.Length));
        Assert.All(Dense([product], 2, 6).Zip(weights), pair => Assert.Equal(pair.Second.Weight, pair.First, 1e-6f));
    }

    [Fact]
    public void Weights_of_higher_rank_take_a_product_for_each_row_or_column_whichever_are_fewer()
    {
        ImmutableArray<BlockWeight> three = [new(0, 1), new(3, 2), new(4, 1)];
        Assert.Equal(2, CodedProduct.Of(three, 3, 2).Length);
        Assert.Equal(2, CodedProduct.Of(three, 2, 3).Length);
        Assert.Equal(Dense(three, 6), Dense(CodedProduct.Of(three, 2, 3), 3, 6));
        Assert.Equal(Dense(three, 6), Dense(CodedProduct.Of(three, 3, 2), 2, 6));
    }

    [Fact]
    public void Terms_that_cancelled_are_left_out()
    {
        var product = Assert.Single(CodedProduct.Of([new(0, 0), new(3, 0.5f)], 2, 2));
        Assert.Equal(new BlockWeight(1, 0.5f), Assert.Single(product.Right));
        Assert.Equal(0f, Dense(CodedProduct.Of([new(1, 0), new(2, 0)], 2, 2), 2, 4).Sum());
    }

    private static float[] Dense(ImmutableArray<BlockWeight> weights, int parts)
    {
        var dense = new float[parts];
        foreach (var (block, weight) in weights)
        {
            dense[block] += weight;
        }

        return dense;
    }

    private static float[] Dense(ImmutableArray<CodedProduct> products, int columnParts, int parts)
    {
        var dense = new float[parts];
        foreach (var (r, v) in products.SelectMany(p => p.Left.SelectMany(l => p.Right.Select(x => ((l.Block * columnParts) + x.Block, l.Weight * x.Weight)))))
        {
            dense[r] += v;
        }

        return dense;
    }
}
