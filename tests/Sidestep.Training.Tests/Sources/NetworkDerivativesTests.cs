using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

public sealed class NetworkDerivativesTests
{
    private const int Count = 30;
    private const double L2 = 0.02;
    private static readonly int[] Widths = [7, 9, 6, 10];
    private static readonly Batch[] Data = ArrayRows.Random(2, Count, 7, 10);
    private static readonly RotatingBatches Batches = new(2, Count, 11);

    public static TheoryData<int, Activation> Cases => new()
    {
        { 1, Activation.Relu }, { 2, Activation.Relu }, { 3, Activation.Tanh }, { 4, Activation.Tanh }, { 4, Activation.Relu }, { 7, Activation.Tanh },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Coding_delta_first_equals_coding_the_finished_gradient(int blocks, Activation activation)
    {
        var (table, layout) = (Table(blocks), new PerLayerLayout(blocks));
        var objective = Objective(activation);
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

    [Fact]
    public void Coded_entry_equals_a_difference_along_the_coded_direction()
    {
        const int Blocks = 4;
        var layout = new PerLayerLayout(Blocks);
        var objective = Objective(Activation.Tanh);
        var reference = DoubleObjective.Network(Widths, L2, Activation.Tanh);
        var model = Model(objective);
        var table = Tables.Of(1, 2, Blocks, (0, false, [(1, 0, 0.70710677f), (1, 3, -0.70710677f)]));
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

    [Fact]
    public void Sparse_samples_give_the_same_shares()
    {
        var objective = Objective(Activation.Relu);
        var layout = new PerLayerLayout(2);
        var table = Tables.Of(1, 1, 2, (0, false, [(0, 0, 0.6f), (0, 1, 0.8f)]));
        var batches = new RotatingBatches(1, Count, Count);
        var shares = new[] { Data[0], Samples.Sparse(Data[0]) }.Select(batch =>
        {
            var work = new NetworkDerivatives(() => Objective(Activation.Relu), layout, () => new WholeRows(batch), batches).Open(0, table, layout);
            return Samples.Wide(Tables.Run(work, table, layout, objective.Shape, 0, Model(objective))[0].Share);
        }).ToArray();
        Assert.InRange(Samples.Distance(shares[1], shares[0]), 0, 1e-6);
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
    public void Rounds_allocate_nothing_once_warm_and_cancellation_is_survived()
    {
        var (table, layout) = (Table(4), new PerLayerLayout(4));
        var objective = Objective(Activation.Tanh);
        var model = Model(objective);
        var work = Source(Activation.Tanh, layout).Open(0, table, layout);
        var share = new float[layout.Length(0, objective.Shape)];
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
                work.Write(row, share);
            }
        }
    }

    [Fact]
    public void Other_layouts_are_refused()
    {
        var source = Source(Activation.Relu, new PerLayerLayout(4));
        Assert.Throws<ConfigurationException>(() => source.Open(0, Table(4), new ContiguousLayout(4)));
        Assert.Throws<ConfigurationException>(() => source.Open(0, Table(4), new PerLayerLayout(3)));
    }

    private static Perceptron Objective(Activation activation) => new(7, [9, 6], 10, activation, L2);

    private static NetworkDerivatives Source(Activation activation, TensorLayout layout) =>
        new(() => Objective(activation), layout, () => new ArrayRows(Data), Batches);

    private static float[] Model(Perceptron objective)
    {
        var model = new float[objective.Shape.Length];
        objective.Initialize(Samples.Rng(3), model);
        Axpy.Add(1f, Samples.Gaussian(4, model.Length, 0.1), model);
        return model;
    }

    // Slot 0: two rows on one partition, slot 1: one row that sums over both.
    private static CodeTable<float> Table(int blocks) => Tables.Of(
        2, 2, blocks,
        (0, false, [(0, 0, 1f), (0, blocks - 1, 0.5f)]),
        (0, false, [(0, blocks / 2, -2f)]),
        (1, false, [(0, 0, 0.25f), (1, blocks - 1, 1f), (1, 0, -0.5f)]));

    private sealed class WholeRows(Batch batch) : IRows
    {
        public long Count(int partition) => batch.Count;

        public ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop) => new(batch);
    }
}
