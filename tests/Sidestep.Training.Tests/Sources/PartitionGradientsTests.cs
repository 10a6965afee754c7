using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

public sealed class PartitionGradientsTests
{
    private const int Count = 40;
    private static readonly Batch[] Data = ArrayRows.Random(4, Count, 7, 3);
    private static readonly RotatingBatches Batches = new(4, Count, 12);

    private static Softmax Objective => new(7, 3, 0.01);

    public static TheoryData<string> Codes => ["plain", "weighted", "blocks", "shared", "request"];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Rows_are_weighted_sums_of_partition_gradients(string name)
    {
        var (table, layout) = Make(name);
        var source = Source();
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        for (var slot = 0; slot < table.Workers; slot++)
        {
            var work = source.Open(slot, table, layout);
            for (long round = 3; round < 5; round++)
            {
                var shares = Tables.Run(work, table, layout, Objective.Shape, round, model, [.. Enumerable.Range(0, table.Rows.Length)]);
                Assert.Equal(Enumerable.Range(0, table.Rows.Length).Where(r => table.Rows[r].Worker == slot), shares.Keys.Order());
                foreach (var (row, (share, loss)) in shares)
                {
                    var expected = Tables.Expected(row, table, layout, Objective, Data, Batches, round, model);
                    Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 1e-6);
                    Assert.Equal(expected.Loss, loss, 1e-6 * Math.Abs(expected.Loss));
                }
            }
        }
    }

    [Fact]
    public void Replicas_agree_to_the_bit_whatever_else_their_slots_send()
    {
        var table = Tables.Of(
            3, 4, 1,
            (0, false, [(0, 0, 1f), (1, 0, 1f)]),
            (1, false, [(1, 0, 1f)]),
            (1, false, [(1, 0, 1f), (0, 0, 1f)]),
            (0, false, [(2, 0, 0.3f), (3, 0, -1.5f)]),
            (2, false, [(3, 0, 2f)]),
            (2, false, [(3, 0, -1.5f), (2, 0, 0.3f)]));
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        var source = Source();
        var shares = Enumerable.Range(0, 3)
            .SelectMany(s => Tables.Run(source.Open(s, table, BlockLayout.Whole), table, BlockLayout.Whole, Objective.Shape, 1, model))
            .ToDictionary(p => p.Key, p => p.Value);
        Assert.Equal(shares[0].Share, shares[2].Share);
        Assert.Equal(shares[0].Loss, shares[2].Loss);
        Assert.Equal(shares[3].Share, shares[5].Share);
        Assert.Equal(shares[3].Loss, shares[5].Loss);
    }

    [Fact]
    public void Withdrawn_row_is_left_out_until_it_is_requested_anew()
    {
        var (table, layout) = Make("request");
        var work = Source().Open(0, table, layout);
        work.Begin(0, new float[Objective.Shape.Length]);
        work.Request(3);
        work.Request(2);
        Assert.True(work.Withdraw(3));
        Assert.False(work.Withdraw(3));
        Assert.False(work.Withdraw(99));
        Assert.Equal(0, work.Upcoming);
        Assert.True(work.Next(out var row, default));
        Assert.Equal(0, row);

        // Taken, then cancelled: it may come again.
        Assert.False(work.Withdraw(0));
        work.Request(0);
        work.Request(3);
        var order = new List<int>();
        while (work.Next(out row, default))
        {
            order.Add(row);
        }

        Assert.Equal([2, 0, 3], order);
        Assert.Equal(-1, work.Upcoming);
    }

    [Fact]
    public void Rows_come_in_table_order_then_as_they_were_asked_for()
    {
        var (table, layout) = Make("request");
        var work = Source().Open(0, table, layout);
        work.Begin(0, new float[Objective.Shape.Length]);
        work.Request(3);
        work.Request(2);
        work.Request(3);
        work.Request(1);
        work.Request(99);
        work.Request(-1);
        var order = new List<int>();
        while (work.Next(out var row, default))
        {
            order.Add(row);
        }

        Assert.Equal([0, 3, 2], order);
        work.Request(3);
        Assert.False(work.Next(out var none, default));
        Assert.Equal(-1, none);
    }

    [Fact]
    public void Cost_counts_the_gradients_a_row_needs_anew()
    {
        var source = Source();
        Assert.Equal([2_000_000, 1_000_000], Costs("plain"));
        Assert.Equal([3_000_000, 2_000_000], Costs("weighted"));
        Assert.Equal([2_000_000, 1_000_000, 0, 3_000_000], Costs("shared"));
        Assert.Equal([1_000_000, 1_000_000, 1_000_000, 1_000_000], Costs("request"));
        Assert.Equal(48, source.Samples(17));

        long[] Costs(string name)
        {
            var (table, _) = Make(name);
            return [.. Enumerable.Range(0, table.Rows.Length).Select(r => source.Cost(r, table))];
        }
    }

    [Fact]
    public void Cancelled_work_starts_anew_with_the_next_round()
    {
        var (table, layout) = Make("shared");
        var work = Source().Open(0, table, layout);
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        var before = Tables.Run(work, table, layout, Objective.Shape, 2, model);
        work.Begin(1, model);
        Assert.True(work.Next(out _, default));
        Assert.Throws<OperationCanceledException>(() => work.Next(out _, new CancellationToken(true)));
        using var source = new CancellationTokenSource();
        Assert.True(work.Next(out var row, source.Token));
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => work.Write(row, new float[layout.Length(0, Objective.Shape)]));
        var after = Tables.Run(work, table, layout, Objective.Shape, 2, model);
        Assert.All(before.Keys, r => Assert.Equal(before[r].Share, after[r].Share));
    }

    [Fact]
    public void Slow_data_and_batches_of_whole_partitions_give_the_same_sums()
    {
        var data = ArrayRows.Random(1, 2100, 7, 3);
        var batches = new RotatingBatches(1, 2100, 2100);
        var table = Tables.Of(1, 1, 1, (0, false, [(0, 0, 1f)]));
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        var work = new PartitionGradients(() => Objective, () => new ArrayRows(data, isSlow: true), batches).Open(0, table, BlockLayout.Whole);
        var share = Tables.Run(work, table, BlockLayout.Whole, Objective.Shape, 0, model)[0].Share;
        var expected = Tables.Expected(0, table, BlockLayout.Whole, Objective, data, batches, 0, model);
        Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 2e-6);
    }

    [Fact]
    public void Not_a_number_is_passed_on()
    {
        var (table, layout) = Make("weighted");
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        model[0] = float.NaN;
        var (share, loss) = Tables.Run(Source().Open(0, table, layout), table, layout, Objective.Shape, 0, model)[0];
        Assert.True(double.IsNaN(loss));
        Assert.Contains(share, float.IsNaN);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Rounds_allocate_nothing_once_warm(string name)
    {
        var (table, layout) = Make(name);
        var work = Source().Open(0, table, layout);
        var model = Samples.Gaussian(5, Objective.Shape.Length);
        var share = new float[layout.Length(0, Objective.Shape)];
        Round(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(1);
        Round(2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round(long round)
        {
            work.Begin(round, model);
            while (work.Next(out var row, default))
            {
                work.Write(row, share);
            }
        }
    }

    [Fact]
    public void Table_over_other_partitions_than_the_batches_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Source().Open(0, Tables.Of(1, 5, 1, (0, false, [(0, 0, 1f)])), BlockLayout.Whole));

    private static PartitionGradients Source() => new(() => Objective, () => new ArrayRows(Data), Batches);

    private static (CodeTable<float> Table, BlockLayout Layout) Make(string name) => name switch
    {
        "plain" => (Tables.Of(2, 4, 1, (0, false, [(0, 0, 1f), (1, 0, 1f)]), (1, false, [(3, 0, 1f)])), BlockLayout.Whole),
        "weighted" => (Tables.Of(2, 4, 1, (0, false, [(0, 0, 1f), (2, 0, -0.4f), (1, 0, 3f)]), (1, false, [(3, 0, 1.5f), (0, 0, 1f)])), BlockLayout.Whole),
        "blocks" => (Tables.Of(2, 4, 5, (0, false, [(0, 0, 1f), (0, 4, 0.5f), (1, 3, -2f)]), (1, false, [(3, 4, 1f)])), new ContiguousLayout(5)),
        "shared" => (Tables.Of(
            2, 4, 2, (0, false, [(0, 0, 1f), (1, 0, 1f)]), (0, false, [(1, 1, 0.5f), (2, 1, 1f)]), (0, false, [(0, 1, 1f)]), (1, false, [(0, 0, 1f), (1, 1, 1f), (2, 0, 1f)])), new PerLayerLayout(2)),
        _ => (Tables.Of(2, 4, 1, (0, false, [(0, 0, 1f)]), (1, false, [(1, 0, 1f)]), (0, true, [(1, 0, 1f)]), (0, true, [(2, 0, 2f)])), BlockLayout.Whole),
    };
}
