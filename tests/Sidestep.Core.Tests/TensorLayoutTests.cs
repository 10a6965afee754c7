using System.Collections.Immutable;
using FsCheck;
using FsCheck.Xunit;

namespace Sidestep.Tests;

public sealed class TensorLayoutTests
{
    private static readonly ModelShape Shape = new(
    [
        new TensorShape("layer0.weight", [7, 5]), new TensorShape("layer0.bias", [7]),
        new TensorShape("layer1.weight", [3, 7]), new TensorShape("layer1.bias", [3]), new TensorShape("layer2.weight", [2, 2, 3, 3]),
    ]);

    // Shapes of 1 to 4 axes, cut into more parts than they have rows as well.
    [Property(MaxTest = 200)]
    public void Gather_then_scatter_of_all_blocks_gives_the_vector_back_and_writes_each_coordinate_once(PositiveInt seed, PositiveInt rowParts, PositiveInt columnParts, bool inGroups)
    {
        var rng = new Rng((ulong)seed.Get, Purpose.Test, 0, 0, 0);
        var shape = new ModelShape([.. Enumerable.Range(0, 1 + rng.Next(6)).Select(t => new TensorShape($"t{t}", [.. Axes(ref rng)]))]);
        var (rows, columns) = (1 + (rowParts.Get % 9), 1 + (columnParts.Get % 6));
        TensorLayout layout = inGroups ? new LayerGroupsLayout(Groups(ref rng, shape.Tensors.Length), rows, columns) : new PerLayerLayout(rows, columns);
        var vector = Enumerable.Range(1, shape.Length).Select(i => (double)i).ToArray();
        var (result, owners) = (new double[shape.Length], new int[shape.Length]);
        double total = 0;
        for (var b = 0; b < layout.Count(shape); b++)
        {
            var block = new double[layout.Length(b, shape)];
            layout.Gather(b, shape, vector, 1.0, block.AsSpan());
            total += block.Sum();
            layout.Scatter(b, shape, block, result.AsSpan());
            var written = new int[shape.Length];
            layout.Scatter(b, shape, Enumerable.Repeat(1, block.Length).ToArray(), written.AsSpan());
            owners = [.. owners.Zip(written, (o, w) => o + w)];

            // What is not padding comes back as it went; padding is zero.
            var again = new double[block.Length];
            layout.Gather(b, shape, result, 1.0, again.AsSpan());
            Assert.Equal(block, again);
        }

        Assert.Equal(vector, result);
        Assert.Equal(vector.Sum(), total);
        Assert.All(owners, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Blocks_of_a_group_are_of_one_length_and_hold_their_tensors_alone()
    {
        var layout = new LayerGroupsLayout([[4], [2], [0]], 2, 2);
        Assert.Equal(13, layout.Count(Shape));
        Assert.Equal([9, 9, 9, 9, 8, 8, 8, 8, 12, 12, 12, 12, 10], Enumerable.Range(0, 13).Select(b => layout.Length(b, Shape)));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3], Enumerable.Range(0, 13).Select(layout.GroupOf));
        Assert.Equal([true, false, true, true], [layout.Holds(0, 4), layout.Holds(0, 0), layout.Holds(12, 1), layout.Holds(12, 3)]);
    }

    [Fact]
    public void A_part_of_rows_and_columns_is_a_corner_of_the_matrix_with_padding()
    {
        var cut = TensorCut.Of(new TensorShape("w", [3, 5]), 2, 2);
        int[] matrix = [.. Enumerable.Range(10, 15)];
        var part = new int[cut.PartLength];
        cut.Gather(3, matrix, 2, part.AsSpan());

        // Row 2 and columns 3, 4, a row and a column of padding.
        Assert.Equal([2 * 23, 2 * 24, 0, 0, 0, 0], part);
    }

    [Fact]
    public void Vectors_are_cut_along_their_axis_and_rest_is_whole()
    {
        Assert.Equal(new TensorCut(7, 1, 6, 1), TensorCut.Of(Shape.Tensors[1], 2, 3));
        var layout = new LayerGroupsLayout([[2], [0, 4]], 1, 4);
        Assert.Equal(7 + 3, layout.Length(8, Shape));
        Assert.Equal(9, layout.Count(Shape));
        Assert.False(new LayerGroupsLayout([[0, 1, 2, 3, 4]], 2).HasRest(Shape));
        Assert.Equal(2, new LayerGroupsLayout([[0, 1, 2, 3, 4]], 2).Count(Shape));
    }

    [Fact]
    public void Groups_that_are_none_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => new LayerGroupsLayout([], 2));
        Assert.Throws<ConfigurationException>(() => new LayerGroupsLayout([[0], []], 2));
        Assert.Contains("tensor 1 is in groups 0 and 1", Assert.Throws<ConfigurationException>(() => new LayerGroupsLayout([[0, 1], [1]], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => new LayerGroupsLayout([[0]], 0));
    }

    private static int[] Axes(ref Rng rng)
    {
        var axes = new int[1 + rng.Next(4)];
        foreach (ref var size in axes.AsSpan())
        {
            size = 1 + rng.Next(5);
        }

        return axes;
    }

    // Some tensors in up to three groups, in any order.
    private static ImmutableArray<ImmutableArray<int>> Groups(ref Rng rng, int tensors)
    {
        var groupOf = new int[tensors];
        foreach (ref var group in groupOf.AsSpan())
        {
            group = rng.Next(4);
        }

        groupOf[0] = 1;
        return [.. Enumerable.Range(1, 3).Select(g => Enumerable.Range(0, tensors).Where(t => groupOf[t] == g)).Where(g => g.Any()).Select(g => ImmutableArray.CreateRange(g))];
    }
}
