using Sidestep.Coding;
using Sidestep.Training.Tests.Objectives;
using Sidestep.Training.Tests.Sources;

namespace Sidestep.Training.Tests.Strategies;

public sealed class LayeredRunTests
{
    private static readonly Batch[] Data = ArrayRows.Random(2, 40, 12, 5);

    [Theory]
    [InlineData(4, 1, "pair-lines")]
    [InlineData(1, 4, "pair-lines")]
    [InlineData(2, 2, "pair-lines")]
    [InlineData(4, 1, "axes")]
    [InlineData(4, 1, "groups")]
    public void Layer_by_layer_equals_joint_and_uncoded_up_to_rounding(int rowParts, int columnParts, string name)
    {
        ICode<float> lines = name switch
        {
            "axes" => AxesCode.Create(4),
            "groups" => PairLinesCode.Create(4, new LineOptions { Groups = 2 }),
            _ => PairLinesCode.Create(4),
        };
        var layers = Scenario.Run(new CodedDescent(), Layers(lines, rowParts, columnParts)).State;
        var joint = Scenario.Run(new CodedDescent(), Joint(lines, rowParts, columnParts)).State;
        var uncoded = Scenario.Run(new CodedDescent(), Uncoded(lines.Table.Partitions)).State;
        Assert.Equal((RunStatus.Finished, RunStatus.Finished), (layers.Status, joint.Status));
        Near(uncoded, joint);
        Near(uncoded, layers);
    }

    [Fact]
    public void Workers_send_a_message_a_layer_last_layer_first_and_the_rest_last()
    {
        var plan = Layers(PairLinesCode.Create(4), 4, 1);
        var run = Scenario.Run(new CodedDescent(), plan);
        var rows = plan.Code.Table.Rows;
        var lengths = new int[] { 4 * 2 * 8, 4 * 2 * 12, 4 * (5 + 8) };
        foreach (var worker in Enumerable.Range(0, plan.Workers))
        {
            var sent = run.Events.Where(e => e.Phase is Phase.Share or Phase.Late && e.Slot == worker && e.Round == 3).ToArray();
            Assert.Equal([0, 1, 2], sent.Select(e => rows[e.Row].Terms[0].Block / 4));
            Assert.Equal(lengths.Select(l => (double)l), sent.Select(e => e.Value));
        }

        // Each message is charged its own part of the work: two thirds before the first.
        var costs = run.Events.Where(e => e.Phase == Phase.Compute && e.Slot == 0 && e.Round == 3).Select(e => e.Value).ToArray();
        Assert.Equal(3, costs.Length);
        Assert.Equal(0.75, costs.Sum(), 1e-5);
        Assert.True(costs[0] > costs[1]);
        Assert.Equal(0, costs[2]);
    }

    [Fact]
    public void Exact_without_five_of_twelve_workers_in_every_round()
    {
        var plan = Layers(PairLinesCode.Create(4), 4, 1);
        var calm = Scenario.Run(new CodedDescent(), plan).State;
        var stormy = Scenario.Run(new CodedDescent(), plan, Scenario.RandomKills(12, 5, plan.Rounds, every: 2, seed: 4), comesBack: true, respawn: TimeSpan.FromMilliseconds(3)).State;
        Near(calm, stormy);
        Assert.Equal(Exactness.Numeric, new CodedDescent().Exactness(plan));
    }

    // Eight may be missing: below rank a round is a projection, which shortens the gradient and still descends.
    [Fact]
    public void Rounds_below_full_rank_descend_by_projection()
    {
        var plan = Layers(PairLinesCode.Create(4, new LineOptions { Stragglers = 9 }), 4, 1) with { Rounds = 60 };
        Assert.Equal(Exactness.Approximate, new CodedDescent().Exactness(plan));
        var gone = Scenario.Kills([.. Enumerable.Range(0, 9).Select(slot => (slot, 2L))]);
        var run = Scenario.Run(new CodedDescent(), plan, gone, comesBack: false);
        var losses = run.Events.Where(e => e.Phase == Phase.Round).Select(e => e.Value).ToArray();
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.InRange(losses[^1], 0, losses[2] * 0.9);
    }

    [Fact]
    public void Compressors_without_memory_go_with_layers_and_those_with_memory_are_refused()
    {
        var plan = Layers(PairLinesCode.Create(4), 4, 1);
        var strategy = new CodedDescent();
        strategy.Validate(plan with { Uplink = CompressorSyntax.Parse("top-k(0.5)") });
        var run = Scenario.Run(strategy, plan with { Uplink = CompressorSyntax.Parse("top-k(0.5)") });
        Assert.Equal(RunStatus.Finished, run.State.Status);
        var refused = Assert.Throws<CompositionException>(() => strategy.Validate(plan with { Uplink = CompressorSyntax.Parse("feedback(top-k(0.5))") }));
        Assert.Contains("remembers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_of_another_number_of_blocks_is_refused()
    {
        var plan = Layers(PairLinesCode.Create(4), 4, 1) with { Layout = NetworkLayouts.Layers(Network(), 3, 1) };
        Assert.Contains("7 blocks", Assert.Throws<CompositionException>(() => new CodedDescent().Validate(plan)).Message, StringComparison.Ordinal);
    }

    private static Perceptron Network() => new(12, [8], 5, Activation.Tanh, 0.01, KernelChoice.Managed);

    private static RunPlan Layers(ICode<float> lines, int rowParts, int columnParts)
    {
        var layout = NetworkLayouts.Layers(Network(), rowParts, columnParts);
        return Plan(LayeredCode.Create(lines, layout.Groups.Length, layout.HasRest(Network().Shape)), layout);
    }

    private static RunPlan Joint(ICode<float> lines, int rowParts, int columnParts) => Plan(lines, new PerLayerLayout(rowParts, columnParts));

    private static RunPlan Plan(ICode<float> code, TensorLayout layout) => Plan(code) with
    {
        Layout = layout,
        Source = new NetworkDerivatives(Network, layout, () => new ArrayRows(Data), new RotatingBatches(code.Table.Partitions, 40, 20), KernelChoice.Managed),
    };

    private static RunPlan Uncoded(int partitions) => Plan(UncodedCode.Create(partitions)) with
    {
        Layout = BlockLayout.Whole,
        Source = new PartitionGradients(Network, () => new ArrayRows(Data), new RotatingBatches(partitions, 40, 20)),
    };

    private static RunPlan Plan(ICode<float> code) => Scenario.Plan(code, rounds: 20) with
    {
        Objective = Network,
        Shape = Network().Shape,
        Optimizer = new Momentum(new ConstantSchedule(0.1), 0.5),
    };

    private static void Near(IRunState expected, IRunState actual) =>
        Assert.InRange(Samples.Distance(Samples.Wide(actual.Model.Span), Samples.Wide(expected.Model.Span)), 0, 1e-5);
}
