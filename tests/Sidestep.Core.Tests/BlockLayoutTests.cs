namespace Sidestep.Tests;

public sealed class BlockLayoutTests
{
    private static readonly ModelShape Shape = new(
    [
        new TensorShape("layer0.weight", [7, 5]), new TensorShape("layer0.bias", [7]), new TensorShape("layer1.weight", [3, 7]), new TensorShape("layer1.bias", [3]),
    ]);

    public static TheoryData<int, bool> Layouts
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var blocks in new[] { 1, 2, 3, 4, 5, 7, 11, 70 })
            {
                data.Add(blocks, false);
                data.Add(blocks, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Gather_then_scatter_of_all_blocks_gives_the_vector_back(int blocks, bool perLayer)
    {
        var layout = Make(blocks, perLayer);
        var vector = Enumerable.Range(1, Shape.Length).Select(i => (float)i).ToArray();
        var result = new float[Shape.Length];
        var total = 0f;
        for (var b = 0; b < blocks; b++)
        {
            var block = new float[layout.Length(b, Shape)];
            layout.Gather(b, Shape, vector, 1f, block);
            total += block.Sum();
            layout.Scatter(b, Shape, block, result);
        }

        Assert.Equal(vector, result);
        Assert.Equal(vector.Sum(), total);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Gather_adds_the_weighted_block_and_leaves_padding(int blocks, bool perLayer)
    {
        var layout = Make(blocks, perLayer);
        var vector = Enumerable.Range(1, Shape.Length).Select(i => (double)i).ToArray();
        for (var b = 0; b < blocks; b++)
        {
            var once = new double[layout.Length(b, Shape)];
            layout.Gather(b, Shape, vector, 1.0, once);
            var twice = new double[once.Length];
            layout.Gather(b, Shape, vector, 3.0, twice);
            layout.Gather(b, Shape, vector, -1.0, twice);
            Assert.Equal(once.Select(v => 2 * v), twice);
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Scatter_writes_only_its_own_coordinates(int blocks, bool perLayer)
    {
        var layout = Make(blocks, perLayer);
        var owners = new int[Shape.Length];
        for (var b = 0; b < blocks; b++)
        {
            var ones = Enumerable.Repeat(1, layout.Length(b, Shape)).ToArray();
            var written = new int[Shape.Length];
            layout.Scatter(b, Shape, ones, written);
            for (var i = 0; i < owners.Length; i++)
            {
                owners[i] += written[i];
            }
        }

        Assert.All(owners, count => Assert.Equal(1, count));
    }

    [Fact]
    public void PerLayer_block_holds_rows_of_every_tensor_in_order()
    {
        var layout = new PerLayerLayout(2);
        var vector = Enumerable.Range(0, Shape.Length).Select(i => (float)i).ToArray();
        var block = new float[layout.Length(1, Shape)];
        layout.Gather(1, Shape, vector, 1f, block);

        // Part 1 of 7 rows is rows 4 to 6 and a row of zeros; of 3 rows it is row 2 and a row of zeros.
        float[] expected =
        [
            .. vector[20..35], .. new float[5], .. vector[39..42], 0, .. vector[56..63], .. new float[7], vector[65], 0,
        ];
        Assert.Equal(expected, block);
    }

    private static BlockLayout Make(int blocks, bool perLayer) =>
        perLayer ? new PerLayerLayout(blocks) : new ContiguousLayout(blocks);
}
