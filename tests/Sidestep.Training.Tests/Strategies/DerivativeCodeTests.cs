using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Derivative codes under the synchronous strategy: when rounds end, and with what.</summary>
public sealed class DerivativeCodeTests
{
    private static readonly CodedDescent Strategy = new();

    private static readonly LineOptions Eight = new() { Stragglers = 8 };

    [Fact]
    public void Any_five_slow_workers_cost_nothing_and_the_result_is_that_of_a_calm_run()
    {
        var code = PairLinesCode.Create(4);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var slow = Scenario.Run(Strategy, Scenario.Plan(code), Slow([0, 3, 5, 8, 11]));
        Assert.True(Longest(slow) < 300, $"{Longest(slow)} ms of virtual time");
        Assert.All(Residuals(slow), r => Assert.Equal(0, r));
        Assert.All(Model(slow).Zip(Model(calm)), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Eight_slow_workers_end_rounds_by_projection_and_the_loss_falls_all_the_same()
    {
        var code = PairLinesCode.Create(4, Eight);
        var plan = Scenario.Plan(code, 150);
        Assert.Equal(Exactness.Approximate, Strategy.Exactness(plan));

        // The four that are left, 01+, 03+, 12+, 23+, are a balanced cycle: rank 3.
        var run = Scenario.Run(Strategy, plan, Slow([1, 2, 3, 5, 7, 8, 9, 11]));
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.True(Longest(run) < 300, $"{Longest(run)} ms of virtual time");
        Assert.Contains(Residuals(run), r => r > 0.5);
        var losses = run.Events.Where(e => e.Phase == Phase.Round).Select(e => e.Value).ToArray();
        Assert.True(losses[^1] < 0.95 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void Layered_rounds_end_when_four_workers_have_sent_everything_so_that_no_layer_is_left_out()
    {
        var code = LayeredCode.Create(PairLinesCode.Create(4, Eight), coded: 2, rest: true);
        var run = Scenario.Run(Strategy, Scenario.Plan(code, 60), Slow([4, 5, 6, 7, 8, 9, 10, 11]));
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.True(Longest(run) < 300, $"{Longest(run)} ms of virtual time");

        // Rows 01±, 02± give three blocks of each of two groups, and the rest: one block is missing in each.
        Assert.All(Residuals(run).Skip(1), r => Assert.Equal(Math.Sqrt(2), r, 1e-6));
    }

    [Fact]
    public void Layered_rounds_with_everybody_there_and_five_dead_are_exact()
    {
        var code = LayeredCode.Create(PairLinesCode.Create(4), coded: 2, rest: true);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var stormy = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.RandomKills(12, 5, 40, 3, 1));
        Assert.All(Residuals(stormy), r => Assert.Equal(0, r));
        Assert.All(Model(stormy).Zip(Model(calm)), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Requests_make_up_for_eleven_of_twelve_that_never_return()
    {
        var code = PairLinesCode.Create(4, new LineOptions { Requests = true });
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var kills = Enumerable.Range(0, 12).Where(slot => slot != 6).Select(slot => (slot, 4L + (slot / 3))).ToArray();
        var run = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.Kills(kills), comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Contains(run.Events, e => e.Phase == Phase.Ask);
        Assert.All(Residuals(run), r => Assert.Equal(0, r));
        Assert.All(Model(run).Zip(Model(calm)), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Theory]
    [InlineData("pair-lines")]
    [InlineData("axes")]
    [InlineData("axes-and-pairs")]
    [InlineData("greedy-lines")]
    public void Data_groups_learn_what_one_partition_learns(string name)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Groups = 2, Blocks = 3, Workers = name == "greedy-lines" ? 10 : 0 });
        var plan = Scenario.Plan(code);
        var run = Scenario.Run(Strategy, plan);
        var uncoded = Scenario.Run(Strategy, Scenario.Plan(UncodedCode.Create(2)));
        Assert.Equal(2, code.Table.Partitions);
        Assert.All(Model(run).Zip(Model(uncoded)), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Block_replication_is_exact_to_the_bit_with_two_of_three_copies_lost()
    {
        var code = AxesCode.Create(4, 3);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        for (var seed = 0; seed < 5; seed++)
        {
            var stormy = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.RandomKills(12, 2, 40, 3, seed));
            Assert.Equal(calm.State.TrajectoryHash, stormy.State.TrajectoryHash);
        }
    }

    private static Weather Slow(int[] slots)
    {
        var slow = Weather.None.Slow;
        foreach (var slot in slots)
        {
            slow = slow.Add(slot, new ConstantLatency(TimeSpan.FromSeconds(1)));
        }

        return Weather.None with { Slow = slow };
    }

    private static double Longest(Scenario.Outcome run) => run.Events.Where(e => e.Phase == Phase.Round).Max(e => (e.End - e.Start).TotalMilliseconds);

    private static IEnumerable<double> Residuals(Scenario.Outcome run) => run.Events.Where(e => e.Phase == Phase.Decode).Select(e => e.Value);

    private static float[] Model(Scenario.Outcome run) => run.State.Model.ToArray();
}
