namespace Sidestep.Coding.Tests;

public sealed class DirectionsTests
{
    [Fact]
    public void Rows_are_scaled_to_unit_length_and_their_lengths_kept()
    {
        var lines = LineSet.Of([[3, 4], [0, -0.5], [1e200, 1e200], [1e-200, -1e-200]]);
        Assert.Equal([0.6, 0.8], lines[0].ToArray().Select(v => Math.Round(v, 12)));
        Assert.Equal([0, -1], lines[1].ToArray());
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(1, lines.Product(i, i), 1e-12));
        Assert.Equal(5, lines.Lengths[0], 1e-12);
        Assert.Equal(0.5, lines.Lengths[1]);
    }

    [Theory]
    [InlineData("1 0|0 0", "row 1 is zero")]
    [InlineData("1 0|0 1|-3 0", "rows 0 and 2 are the same line")]
    [InlineData("1 1|2 2.0000000001", "rows 0 and 1 are the same line")]
    [InlineData("1 0|0 1 1", "row 1 has 3 numbers, but row 0 has 2")]
    [InlineData("1 0|NaN 1", "must be finite")]
    [InlineData("1 0|Infinity 1", "must be finite")]
    [InlineData("1 0 0|0 1 0|1 1 0", "rank 2, below the 3 blocks")]
    [InlineData("", "0 rows")]
    public void Matrices_that_are_no_code_are_refused(string text, string sentence)
    {
        double[][] rows = [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(row =>
            row.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        Assert.Contains(sentence, Assert.Throws<ConfigurationException>(() => DirectionsCode.Create(rows)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 0, "the matrix has 6 rows")]
    [InlineData(0, 4, "the matrix has 3 columns, not 4 blocks")]
    public void Numbers_beside_the_matrix_must_be_its_own(int workers, int blocks, string sentence)
    {
        var error = Assert.Throws<ConfigurationException>(() => CodeCatalog.Find("directions").Create(
            new CodeParameters { Workers = workers, Blocks = blocks, Directions = Examples.Directions }));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Contains("set file", Assert.Throws<ConfigurationException>(() => CodeCatalog.Find("directions").Create(new CodeParameters { Workers = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_come_out_one_by_one_whatever_the_weight()
    {
        // Rows 0, 3 and 4: block 0 is known at once, the others only together.
        var bench = new Bench(DirectionsCode.Create(Examples.Directions), length: 9);
        bench.Decoder.Begin(0, []);
        Assert.Empty(bench.Offer(3).Ready.ToArray());
        Assert.Equal([0], bench.Offer(0).Ready.ToArray());
        Assert.Equal([1, 2], bench.Offer(4).Ready.ToArray());
        Assert.InRange(bench.WorstError(bench.Decode()), 0, 1e-5);
    }
}
