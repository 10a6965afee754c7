namespace Sidestep.Training.Tests.Data;

public sealed class RowSplitTests
{
    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(10, 0.1, 1)]
    [InlineData(10, 0.95, 9)]
    [InlineData(1000, 0.25, 250)]
    [InlineData(6007, 0.1, 601)]
    public void Both_parts_together_are_the_whole_each_in_stored_order(int count, double fraction, int held)
    {
        if (count == 10 && fraction > 0.9)
        {
            // Rounds to all ten.
            Assert.Throws<ConfigurationException>(() => new RowSplit(count, fraction, 7));
            fraction = 0.9;
        }

        var split = new RowSplit(count, fraction, 7);
        Assert.Equal(held, split.HeldOutCount);
        var heldOut = Enumerable.Range(0, held).Select(i => split.HeldOutRow(i)).ToArray();
        var remaining = Enumerable.Range(0, count - held).Select(i => split.RemainingRow(i)).ToArray();
        Assert.Equal(heldOut.Order(), heldOut);
        Assert.Equal(remaining.Order(), remaining);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), heldOut.Concat(remaining).Order());
    }

    [Fact]
    public void Choice_is_a_pure_function_of_the_seed_and_held_out_rows_come_from_everywhere()
    {
        Assert.Equal(Held(new RowSplit(1000, 0.1, 7)), Held(new RowSplit(1000, 0.1, 7)));
        Assert.NotEqual(Held(new RowSplit(1000, 0.1, 7)), Held(new RowSplit(1000, 0.1, 8)));
        var split = new RowSplit(100_000, 0.1, 1);
        for (var tenth = 0; tenth < 10; tenth++)
        {
            // 10,000 of 100,000: 1,000 from each tenth, ± 5 standard deviations.
            Assert.InRange(Held(split).Count(row => row / 10_000 == tenth), 850, 1150);
        }
    }

    [Fact]
    public async Task Readers_give_the_rows_of_the_whole_and_partitions_cover_what_remains()
    {
        const int Count = 103, Partitions = 4;
        var labels = Enumerable.Range(0, Count).Select(i => (float)i).ToArray();
        var values = labels.SelectMany(i => new[] { i, 2 * i }).ToArray();
        var data = Dataset.FromMemory("numbers", 2, 0, values, labels);
        var split = new RowSplit(Count, 0.2, 3);
        var train = split.Remaining(data.Rows(1), Partitions);
        var seen = new List<float>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            Assert.Equal(split.PartitionCounts(Partitions)[partition], train.Count(partition));
            var rows = Enumerable.Range(0, (int)train.Count(partition)).Select(i => (long)i).ToArray();
            var batch = await train.ReadAsync(partition, rows, default);
            Assert.Equal(batch.Labels.ToArray().Select(l => 2 * l), batch.Values.ToArray().Where((_, i) => i % 2 == 1));
            seen.AddRange(batch.Labels.ToArray());
        }

        var validation = split.HeldOut(data.Rows(1));
        var held = await validation.ReadAsync(0, Enumerable.Range(0, (int)validation.Count(0)).Select(i => (long)i).ToArray(), default);
        Assert.Equal(21, held.Count);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(labels, seen.Concat(held.Labels.ToArray()).Order());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await train.ReadAsync(0, new long[] { train.Count(0) }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await train.ReadAsync(0, new long[] { -1 }, default));
    }

    [Theory]
    [InlineData(100, 0.001, "holds out 0")]
    [InlineData(100, 0.999, "leaves 0")]
    [InlineData(100, 0, "choose from 0.01 to 0.99")]
    [InlineData(100, 1, "choose from 0.01 to 0.99")]
    [InlineData(100, double.NaN, "choose from 0.01 to 0.99")]
    public void Empty_parts_are_refused_with_the_nearest_fraction(int count, double fraction, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => new RowSplit(count, fraction, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fewer_rows_than_partitions_are_refused_with_the_nearest_fraction()
    {
        var split = new RowSplit(20, 0.75, 1);
        Assert.Contains("at most 0.6", Assert.Throws<ConfigurationException>(() => split.PartitionCounts(8)).Message, StringComparison.Ordinal);
        Assert.Contains("too few", Assert.Throws<ConfigurationException>(() => split.PartitionCounts(20)).Message, StringComparison.Ordinal);
        Assert.Equal([2, 1, 1, 1], split.PartitionCounts(4).AsEnumerable());
    }

    private static long[] Held(RowSplit split) => [.. Enumerable.Range(0, (int)split.HeldOutCount).Select(i => split.HeldOutRow(i))];
}
