using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

public sealed class NetworkDerivativesTests
{
    private const int Count = 30;
    private const double L2 = 0.02;
    private static readonly int[] Widths = [7, 9, 6, 10];
    private static readonly Batch[] Data = ArrayRows.Random(2, Count, 7, 10);
    private static readonly RotatingBatches Batches = new(2, Count, 11);

    // Row parts, column parts, in groups.
    public static TheoryData<int, int, bool> Cuts
    {
        get
        {
            var cuts = new TheoryData<int, int, bool>();
            foreach (var (rows, columns) in new[] { (1, 1), (2, 1), (4, 1), (12, 1), (1, 4), (1, 11), (2, 2), (3, 2) })
            {
                cuts.Add(rows, columns, false);
                cuts.Add(rows, columns, true);
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Coding_factors_first_equals_coding_the_finished_gradient(int rowParts, int columnParts, bool inGroups)
    {
        foreach (var activation in new[] { Activation.Relu, Activation.Tanh })
        {
            var objective = Objective(activation);
            var layout = Layout(objective, rowParts, columnParts, inGroups);
            var table = Table(layout, objective.Shape);
            var model = Model(objective);
            var source = Source(activation, layout);
            for (var slot = 0; slot < 2; slot++)
            {
                var work = source.Open(slot, table, layout);
                for (long round = 0; round < 2; round++)
                {
                    foreach (var (row, (share, loss)) in Tables.Run(work, table, layout, objective.Shape, round, model))
                    {
                        var expected = Tables.Expected(row, table, layout, objective, Data, Batches, round, model);
                        Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 2e-6);
                        Assert.Equal(expected.Loss, loss, 1e-6 * Math.Abs(expected.Loss));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 1, false)]
    [InlineData(1, 4, false)]
    [InlineData(2, 2, false)]
    [InlineData(4, 1, true)]
    [InlineData(1, 4, true)]
    [InlineData(2, 2, true)]
    public void Coded_entry_equals_a_difference_along_the_coded_direction(int rowParts, int columnParts, bool inGroups)
    {
        var objective = Objective(Activation.Tanh);
        var layout = Layout(objective, rowParts, columnParts, inGroups);
        var reference = DoubleObjective.Network(Widths, L2, Activation.Tanh);
        var model = Model(objective);
        var blocks = layout.Count(objective.Shape);
        var first = inGroups ? 4 : 0;
        var table = Tables.Of(1, 2, blocks, (0, false, [(1, first, 0.70710677f), (1, first + 3, -0.70710677f)]));
        var (share, _) = Tables.Run(Source(Activation.Tanh, layout).Open(0, table, layout), table, layout, objective.Shape, 5, model)[0];
        var batch = Tables.Read(Data, Batches, 5, 1);
        var differences = new double[share.Length];
        for (var entry = 0; entry < share.Length; entry++)
        {
            // The direction puts the row's weights on this entry of each of its blocks.
            var direction = new double[model.Length];
            foreach (var term in table.Rows[0].Terms)
            {
                var unit = new double[share.Length];
                unit[entry] = term.Weight;
                layout.Scatter(term.Block, objective.Shape, unit, direction.AsSpan());
            }

            differences[entry] = (Moved(2e-5) - Moved(-2e-5)) / 4e-5;

            double Moved(double step) => reference.Loss(batch, [.. model.Zip(direction, (w, d) => w + (step * d))]);
        }

        Assert.InRange(Samples.Distance(Samples.Wide(share), differences), 0, 1e-6);
    }

    // (Σ_r v_r·δ_r)ᵀ(Σ_c u_c·X_c) = Σ_rc v_r·u_c·(δ_rᵀX_c): the product code of both sides.
    [Fact]
    public void Product_code_of_both_sides_equals_the_coded_outer_product()
    {
        var objective = Objective(Activation.Tanh);
        var layout = new PerLayerLayout(3, 2);
        float[] v = [0.6f, -0.3f, 1.7f], u = [0.9f, -0.4f];
        var table = Tables.Of(1, 2, 6, (0, false, [.. from r in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 2) select (0, (r * 2) + c, v[r] * u[c])]));
        var model = Model(objective);
        var (share, _) = Tables.Run(Source(Activation.Tanh, layout).Open(0, table, layout), table, layout, objective.Shape, 0, model)[0];
        var expected = Tables.Expected(0, table, layout, objective, Data, Batches, 0, model);
        Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 2e-6);
    }

    [Fact]
    public void Padding_holds_nothing()
    {
        // Ten outputs in four blocks are 3, 3, 3, 1: the last block has two rows of padding.
        var layout = new PerLayerLayout(4);
        var objective = Objective(Activation.Relu);
        var table = Tables.Of(1, 2, 4, (0, false, [(0, 3, 1f), (1, 3, -2f)]));
        var (share, _) = Tables.Run(Source(Activation.Relu, layout).Open(0, table, layout), table, layout, objective.Shape, 0, Model(objective))[0];
        float[] vector = new float[objective.Shape.Length], back = new float[share.Length];
        layout.Scatter(3, objective.Shape, share, vector.AsSpan());
        layout.Gather(3, objective.Shape, vector, 1f, back.AsSpan());
        Assert.Equal(share, back);
        var lastWeight = share.AsSpan(share.Length - 3 - (3 * 6), 3 * 6);
        Assert.All(lastWeight[6..].ToArray(), v => Assert.Equal(0f, v));
        Assert.Contains(lastWeight[..6].ToArray(), v => v != 0);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Sparse_samples_give_the_same_shares(int rowParts, int columnParts)
    {
        var objective = Objective(Activation.Relu);
        var layout = new PerLayerLayout(rowParts, columnParts);
        var last = layout.Blocks - 1;
        var table = Tables.Of(1, 1, layout.Blocks, (0, false, [(0, 0, 0.6f), (0, last, 0.8f)]));
        var batches = new RotatingBatches(1, Count, Count);
        var shares = new[] { Data[0], Samples.Sparse(Data[0]) }.Select(batch =>
        {
            var work = new NetworkDerivatives(() => Objective(Activation.Relu), layout, () => new WholeRows(batch), batches).Open(0, table, layout);
            return Samples.Wide(Tables.Run(work, table, layout, objective.Shape, 0, Model(objective))[0].Share);
        }).ToArray();
        Assert.InRange(Samples.Distance(shares[1], shares[0]), 0, 1e-6);
    }

    [Fact]
    public void A_row_is_written_before_the_next_stage_is_computed_and_the_forward_pass_serves_all()
    {
        var objective = Objective(Activation.Relu);
        var layout = NetworkLayouts.Layers(objective, 2, 1);
        var spies = new List<SpyNetwork>();
        var table = Layered(layout, objective.Shape);
        var source = new NetworkDerivatives(
            () =>
            {
                spies.Add(new SpyNetwork(Objective(Activation.Relu)));
                return spies[^1];
            },
            layout, () => new ArrayRows(Data), Batches);
        var work = source.Open(0, table, layout);
        var share = new float[Enumerable.Range(0, table.Blocks).Max(b => layout.Length(b, objective.Shape))];
        var log = spies[^1].Log;
        work.Begin(0, Model(objective));
        var rows = new List<string>();
        while (work.Next(out var row, default))
        {
            work.Write(row, share.AsSpan(0, layout.Length(table.Rows[row].Terms[0].Block, objective.Shape)));
            log.Add($"row {row}");
        }

        Assert.Equal(
            [
                "forward", "backward 0", "factors 4", "row 0", "backward 1", "factors 2", "row 1", "backward 2", "factors 0", "row 2",
                "gradient 5", "gradient 3", "gradient 1", "row 3",
            ],
            log);
    }

    [Fact]
    public void Rows_on_request_use_what_the_pass_has_kept()
    {
        var objective = Objective(Activation.Tanh);
        var layout = NetworkLayouts.Layers(objective, 2, 1);
        var table = Tables.Of(
            1, 2, layout.Count(objective.Shape), (0, false, [(0, 6, 1f)]), (0, true, [(0, 0, 1f), (0, 1, -1f)]), (0, true, [(1, 4, 1f), (0, 5, 1f)]));
        var model = Model(objective);
        var shares = Tables.Run(Source(Activation.Tanh, layout).Open(0, table, layout), table, layout, objective.Shape, 3, model, 2, 1);
        Assert.Equal([0, 2, 1], shares.Keys);
        foreach (var (row, (share, _)) in shares)
        {
            var expected = Tables.Expected(row, table, layout, objective, Data, Batches, 3, model);
            Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 2e-6);
        }
    }

    [Fact]
    public void Cancellation_is_seen_between_stages_and_the_row_can_be_asked_for_again()
    {
        var objective = Objective(Activation.Tanh);
        var layout = NetworkLayouts.Layers(objective, 2, 1);
        var table = Tables.Of(1, 2, layout.Count(objective.Shape), (0, false, [(0, 4, 1f), (0, 5, -1f)]));
        using var stop = new CancellationTokenSource();
        var spy = new SpyNetwork(Objective(Activation.Tanh));
        var work = new NetworkDerivatives(() => spy, layout, () => new ArrayRows(Data), Batches).Open(0, table, layout);
        var model = Model(objective);
        var share = new float[layout.Length(4, objective.Shape)];
        work.Begin(0, model);
        spy.Called = call =>
        {
            if (call == "backward 1")
            {
                stop.Cancel();
            }
        };
        Assert.True(work.Next(out var row, stop.Token));
        Assert.Throws<OperationCanceledException>(() => work.Write(row, share));
        Assert.Equal(["forward", "backward 0", "backward 1"], spy.Log);
        work.Withdraw(row);
        work.Request(row);
        Assert.True(work.Next(out row, default));
        work.Write(row, share);
        Assert.Equal(["forward", "backward 0", "backward 1", "backward 2", "factors 0"], spy.Log);
        var expected = Tables.Expected(0, table, layout, objective, Data, Batches, 0, model);
        Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 2e-6);
    }

    [Fact]
    public void Cost_is_two_thirds_once_and_the_coded_third_for_every_row()
    {
        var source = Source(Activation.Relu, new PerLayerLayout(4));
        var table = Tables.Of(
            2, 2, 4,
            (0, false, [(0, 0, 1f), (0, 1, 1f)]),
            (0, false, [(0, 2, 1f)]),
            (0, true, [(1, 2, 1f)]),
            (1, false, [(0, 0, 1f), (1, 1, 1f)]));
        long[] costs = [.. Enumerable.Range(0, 4).Select(r => source.Cost(r, table))];
        Assert.Equal([750_000, 83_333, 750_000, 1_500_000], costs);
        Assert.Equal(22, source.Samples(0));
    }

    [Fact]
    public void Rows_of_layers_share_the_cost_by_the_layers_weights()
    {
        // Weights 63, 54, 60 of 177, the last layer first.
        var objective = Objective(Activation.Relu);
        var layout = NetworkLayouts.Layers(objective, 4, 1);
        var source = Source(Activation.Relu, layout);
        var table = Layered(layout, objective.Shape);
        var costs = Enumerable.Range(0, 4).Select(r => source.Cost(r, table) / 1e6).ToArray();
        double[] parts = [60 / 177.0, 54 / 177.0, 63 / 177.0];
        Assert.Equal((1 + (1.25 * parts[0])) / 3, costs[0], 1e-6);
        Assert.Equal(1.25 * parts[1] / 3, costs[1], 1e-6);
        Assert.Equal(1.25 * parts[2] / 3, costs[2], 1e-6);
        Assert.Equal(0, costs[3]);
        Assert.Equal(0.75, costs.Sum(), 4e-6);
    }

    [Fact]
    public void A_row_of_higher_rank_pays_for_each_of_its_products()
    {
        var source = Source(Activation.Relu, new PerLayerLayout(2, 2));
        var table = Tables.Of(1, 2, 4, (0, false, [(0, 0, 1f), (0, 1, 1f)]), (0, false, [(0, 0, 1f), (0, 3, 1f)]));
        Assert.Equal([750_000, 166_667], Enumerable.Range(0, 2).Select(r => source.Cost(r, table)));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Rounds_allocate_nothing_once_warm_and_cancellation_is_survived(int rowParts, int columnParts, bool inGroups)
    {
        var objective = Objective(Activation.Tanh);
        var layout = Layout(objective, rowParts, columnParts, inGroups);
        var table = Table(layout, objective.Shape);
        var model = Model(objective);
        var work = Source(Activation.Tanh, layout).Open(0, table, layout);
        int[] lengths = [.. table.Rows.Select(r => layout.Length(r.Terms[0].Block, objective.Shape))];
        var share = new float[lengths.Max()];
        Round(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(1);
        Round(2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        float[] first = [.. share];
        work.Begin(3, model);
        Assert.Throws<OperationCanceledException>(() => work.Next(out _, new CancellationToken(true)));
        Round(2);
        Assert.Equal(first, share);

        void Round(long round)
        {
            work.Begin(round, model);
            while (work.Next(out var row, default))
            {
                work.Write(row, share.AsSpan(0, lengths[row]));
            }
        }
    }

    [Fact]
    public void Other_layouts_and_rows_across_groups_are_refused()
    {
        var objective = Objective(Activation.Relu);
        var source = Source(Activation.Relu, new PerLayerLayout(4));
        var table = Table(new PerLayerLayout(4), objective.Shape);
        Assert.Throws<ConfigurationException>(() => source.Open(0, table, new ContiguousLayout(4)));
        Assert.Throws<ConfigurationException>(() => source.Open(0, table, new PerLayerLayout(3)));
        Assert.Throws<ConfigurationException>(() => Source(Activation.Relu, new PerLayerLayout(3)).Open(0, table, new PerLayerLayout(3)));
        var layout = NetworkLayouts.Layers(objective, 2, 1);
        var across = Tables.Of(1, 2, layout.Count(objective.Shape), (0, false, [(0, 1, 1f), (0, 2, 1f)]));
        var refusal = Assert.Throws<ConfigurationException>(() => Source(Activation.Relu, layout).Open(0, across, layout));
        Assert.Contains("mixes blocks 1 and 2", refusal.Message, StringComparison.Ordinal);
    }

    private static Perceptron Objective(Activation activation) => new(7, [9, 6], 10, activation, L2);

    private static TensorLayout Layout(ILayered objective, int rowParts, int columnParts, bool inGroups) =>
        inGroups ? NetworkLayouts.Layers(objective, rowParts, columnParts) : new PerLayerLayout(rowParts, columnParts);

    private static NetworkDerivatives Source(Activation activation, TensorLayout layout) =>
        new(() => Objective(activation), layout, () => new ArrayRows(Data), Batches);

    private static float[] Model(Perceptron objective)
    {
        var model = new float[objective.Shape.Length];
        objective.Initialize(Samples.Rng(3), model);
        Axpy.Add(1f, Samples.Gaussian(4, model.Length, 0.1), model);
        return model;
    }

    private static CodeTable<float> Table(TensorLayout layout, ModelShape shape) =>
        layout is LayerGroupsLayout groups ? Layered(groups, shape) : Joint(layout.Count(shape));

    // Slot 0: two rows on one partition, slot 1: one row that sums over both.
    private static CodeTable<float> Joint(int blocks) => Tables.Of(
        2, 2, blocks,
        (0, false, [(0, 0, 1f), (0, blocks - 1, 0.5f)]),
        (0, false, [(0, blocks / 2, -2f)]),
        (1, false, [(0, 0, 0.25f), (1, blocks - 1, 1f), (1, 0, -0.5f)]));

    // Slot 0: a row for each group on one partition, and the rest; slot 1: the same over both partitions.
    private static CodeTable<float> Layered(LayerGroupsLayout layout, ModelShape shape)
    {
        var (groups, parts) = (layout.Groups.Length, layout.Parts);
        var rows = new List<(int, bool, (int, int, float)[])>();
        for (var slot = 0; slot < 2; slot++)
        {
            for (var g = 0; g < groups; g++)
            {
                var (first, last) = (g * parts, (g * parts) + parts - 1);
                rows.Add((slot, false, slot == 0 ? [(0, first, 0.6f), (0, last, 0.8f)] : [(0, first, 0.25f), (1, last, 1f), (1, first, -0.5f)]));
            }

            rows.Add((slot, false, slot == 0 ? [(0, groups * parts, 1f)] : [(0, groups * parts, 1f), (1, groups * parts, 0.5f)]));
        }

        return Tables.Of(2, 2, layout.Count(shape), [.. rows]);
    }

    private sealed class WholeRows(Batch batch) : IRows
    {
        public long Count(int partition) => batch.Count;

        public ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop) => new(batch);
    }
}
