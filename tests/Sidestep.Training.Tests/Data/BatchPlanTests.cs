using FsCheck.Xunit;

namespace Sidestep.Training.Tests.Data;

public sealed class BatchPlanTests
{
    [Property(MaxTest = 60)]
    public void Rows_every_pass_takes_every_row_once(int a, int b, ulong seed)
    {
        var count = 1 + Math.Abs(a % 97);
        var size = 1 + Math.Abs(b % count);
        var plan = new BatchPlan(seed, [count], size);
        var drawn = new List<long>();
        var rows = new long[size];
        for (var round = 0; drawn.Count < 3 * count; round++)
        {
            plan.Rows(round, 0, rows);
            drawn.AddRange(rows);
        }

        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), drawn.Skip(pass * count).Take(count).Order());
        }
    }

    [Fact]
    public void Rows_same_arguments_in_any_order_of_calls_give_the_same_rows()
    {
        var plan = new BatchPlan(5, [100, 99], 25);
        var other = new BatchPlan(5, [100, 99], 25);
        Assert.Equal(Take(plan, 1_000_000, 1), Take(other, 1_000_000, 1));
        _ = Take(other, 3, 0);
        Assert.Equal(Take(plan, 7, 0), Take(other, 7, 0));
    }

    [Fact]
    public void Rows_other_seed_partition_or_pass_gives_other_rows()
    {
        var plan = new BatchPlan(5, [1000, 1000], 2000);
        Assert.NotEqual(Take(plan, 0, 0), Take(new BatchPlan(6, [1000, 1000], 2000), 0, 0));
        Assert.NotEqual(Take(plan, 0, 0), Take(plan, 0, 1));
        Assert.NotEqual(Take(plan, 0, 0), Take(plan, 1, 0));
    }

    [Fact]
    public void Rows_full_batch_takes_all_rows_in_order()
    {
        var plan = new BatchPlan(5, [4, 3], 0);
        Assert.Equal([0L, 1, 2, 3], Take(plan, 9, 0));
        Assert.Equal([0L, 1, 2], Take(plan, 9, 1));
        Assert.Equal(7, plan.SamplesPerRound);
    }

    [Fact]
    public void Size_samples_are_split_evenly()
    {
        var plan = new BatchPlan(5, [10, 10, 10], 8);
        Assert.Equal([3, 3, 2], Enumerable.Range(0, 3).Select(plan.Size));
    }

    [Fact]
    public void Rows_are_uniform_over_positions()
    {
        // Where row 0 lands over 5000 passes of 10 rows: chi-squared with 9 degrees of freedom, 27.9 is exceeded once in 1000.
        var plan = new BatchPlan(11, [10], 10);
        var counts = new int[10];
        var rows = new long[10];
        for (var pass = 0; pass < 5000; pass++)
        {
            plan.Rows(pass, 0, rows);
            counts[Array.IndexOf(rows, 0L)]++;
        }

        Assert.True(counts.Sum(c => (c - 500.0) * (c - 500.0) / 500) < 27.9);
    }

    [Fact]
    public void Rows_consecutive_rows_are_not_kept_together()
    {
        var order = Take(new BatchPlan(3, [1000], 1000), 0, 0);
        Assert.InRange(order.Zip(order.Skip(1)).Count(p => Math.Abs(p.First - p.Second) == 1), 0, 8);
    }

    [Fact]
    public void Rows_allocate_nothing()
    {
        var plan = new BatchPlan(1, [100], 30);
        var rows = new long[30];
        plan.Rows(0, 0, rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            plan.Rows(round, 0, rows);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(1, "at least 2, or 0 for all rows")]
    [InlineData(-1, "at least 2, or 0 for all rows")]
    [InlineData(12, "at most 10, or 0 for all rows")]
    public void New_samples_that_do_not_fit_name_the_nearest_choice(int samples, string why) =>
        Assert.Contains(why, Assert.Throws<ConfigurationException>(() => new BatchPlan(1, [6, 5], samples)).Message);

    [Fact]
    public void New_samples_of_all_rows_fit()
    {
        Assert.Equal([6, 5], new[] { 0, 1 }.Select(new BatchPlan(1, [6, 5], 11).Size));
        Assert.Throws<ConfigurationException>(() => new BatchPlan(1, [6, 0], 0));
        Assert.Throws<ConfigurationException>(() => new BatchPlan(1, [], 0));
    }

    [Fact]
    public void For_follows_the_partitions_of_the_data()
    {
        var data = Dataset.FromMemory("d", 1, 0, new float[11], new float[11]);
        Assert.Equal([4, 4, 3], new[] { 0, 1, 2 }.Select(BatchPlan.For(data, 3, 0, 1).Size));
        Assert.Contains("at most 11", Assert.Throws<ConfigurationException>(() => BatchPlan.For(data, 12, 0, 1)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4097)]
    public void Permutation_is_one(int size)
    {
        var order = new KeyedPermutation(size, new Rng(1, Purpose.Test, 0, 0, 0));
        Assert.Equal(Enumerable.Range(0, size).Select(i => (long)i), Enumerable.Range(0, size).Select(i => order[i]).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => order[size]);
    }

    private static long[] Take(BatchPlan plan, long round, int partition)
    {
        var rows = new long[plan.Size(partition)];
        plan.Rows(round, partition, rows);
        return rows;
    }
}
