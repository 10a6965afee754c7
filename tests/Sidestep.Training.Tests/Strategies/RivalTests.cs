using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Answers to stragglers that pay nothing, or little, in advance: on the simulator, under kills and delays.</summary>
public sealed class RivalTests
{
    private static readonly CodedDescent Strategy = new();

    public static TheoryData<string, int> Exact => new()
    {
        { "chunks", 8 }, { "bounded", 8 }, { "shards", 8 }, { "duplicates", 8 }, { "fractional-repetition", 8 }, { "two groups", 7 },
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void Kills_of_all_but_one_leave_the_bytes_unchanged(string kind, int dead)
    {
        var code = Make(kind);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        Assert.Equal(RunStatus.Finished, calm.State.Status);
        for (var seed = 0; seed < 6; seed++)
        {
            var stormy = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.RandomKills(9, dead, 40, 3, seed));
            Assert.Equal(RunStatus.Finished, stormy.State.Status);
            Assert.True(stormy.Events.Count(e => e.Phase == Phase.Lost) >= dead);
            Assert.Equal(calm.State.TrajectoryHash, stormy.State.TrajectoryHash);
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public void Slots_that_never_return_are_done_without(string kind, int dead)
    {
        var code = Make(kind);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var gone = Scenario.Kills([.. Enumerable.Range(0, dead).Select(slot => (slot, 5L + slot))]);
        var run = Scenario.Run(Strategy, Scenario.Plan(code), gone, comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("duplicates")]
    public void Stalled_slots_do_not_hold_rounds_up(string kind)
    {
        var code = Make(kind);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var slow = Weather.None with
        {
            Slow = Weather.None.Slow.Add(1, new ConstantLatency(TimeSpan.FromSeconds(5))).Add(6, new ConstantLatency(TimeSpan.FromSeconds(5))),
        };
        var run = Scenario.Run(Strategy, Scenario.Plan(code), slow);
        Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
        var slowest = run.Events.Where(e => e.Phase == Phase.Round).Max(e => (e.End - e.Start).TotalMilliseconds);
        Assert.True(slowest < 500, $"the slowest round took {slowest} ms of virtual time");
    }

    [Fact]
    public void Abandoned_work_is_cut_short_and_sends_nothing()
    {
        // One worker takes 100 times as long: its computations end with the round, not when they are ready.
        var times = Enumerable.Range(0, 3).Select(slot => Enumerable.Repeat(slot == 2 ? 1000.0 : 10.0, 40).ToArray()).ToArray();
        var run = Scenario.Run(Strategy, Scenario.Plan(ReissueCode.Create(3, 10)), timing: new BatchTimes(times, 10));
        Assert.Equal(RunStatus.Finished, run.State.Status);
        var rounds = run.Events.Where(e => e.Phase == Phase.Round).ToArray();
        Assert.True(rounds.Max(e => (e.End - e.Start).TotalMilliseconds) < 20);
        Assert.DoesNotContain(run.Events, e => e.Phase is Phase.Share or Phase.Late && e.Slot == 2);
        Assert.True(run.Events.Where(e => e.Phase == Phase.Compute && e.Slot == 2).All(e => (e.End - e.Start).TotalMilliseconds < 20));
    }

    [Fact]
    public void Stale_synchronous_never_lets_a_slot_run_further_ahead_than_its_slack()
    {
        foreach (var slack in new[] { 0, 1, 4 })
        {
            var slow = Weather.None with
            {
                Slow = Weather.None.Slow.Add(2, new ExponentialLatency(TimeSpan.Zero, TimeSpan.FromMilliseconds(60))).Add(4, new ConstantLatency(TimeSpan.FromMilliseconds(20))),
            };
            var run = Scenario.Run(AsyncDescent.StaleSynchronous(slack), Asynchronous(300), slow);
            Assert.Equal(RunStatus.Finished, run.State.Status);
            var clocks = new long[6];
            long spread = 0;
            foreach (var e in run.Events)
            {
                if (e.Phase == Phase.Share)
                {
                    Assert.Equal(clocks[e.Slot], e.Round);
                    clocks[e.Slot]++;
                }
                else if (e.Phase == Phase.Model)
                {
                    spread = Math.Max(spread, clocks[e.Slot] - clocks.Min());
                }
            }

            Assert.Equal(slack, spread);
        }
    }

    [Fact]
    public void Stale_synchronous_without_slack_is_synchronous()
    {
        var plan = Asynchronous(6 * 30);
        var stale = Scenario.Run(AsyncDescent.StaleSynchronous(0), plan);
        var synchronous = Scenario.Run(Strategy, plan with { Rounds = 30 });
        for (var i = 0; i < Scenario.Length; i++)
        {
            Assert.Equal(synchronous.State.Model.Span[i], stale.State.Model.Span[i], 1e-4f);
        }
    }

    [Fact]
    public void Stale_synchronous_does_not_wait_for_the_dead()
    {
        var run = Scenario.Run(AsyncDescent.StaleSynchronous(2), Asynchronous(200), Scenario.Kills((1, 20), (3, 50)), comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        run = Scenario.Run(AsyncDescent.StaleSynchronous(2), Asynchronous(200), Scenario.RandomKills(6, 2, 200, 20, 3));
        Assert.Equal(RunStatus.Finished, run.State.Status);
    }

    [Fact]
    public void Stale_synchronous_refuses_a_negative_slack_and_coded_tables()
    {
        var refused = Assert.Throws<CompositionException>(() => AsyncDescent.StaleSynchronous(-1).Validate(Scenario.Plan(ReissueCode.Create(4))));
        Assert.Contains(refused.Problems, p => p.Contains("slack is -1", StringComparison.Ordinal));
        Assert.Contains(refused.Problems, p => p.Contains("use code uncoded", StringComparison.Ordinal));
    }

    [Fact]
    public void Backup_workers_step_with_the_first_that_come()
    {
        var slow = Weather.None with { Slow = Weather.None.Slow.Add(0, new ConstantLatency(TimeSpan.FromSeconds(2))) };
        var run = Scenario.Run(Strategy, Scenario.Plan(BackupWorkersCode.Create(5, 1), 60), slow);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(60 * 4, run.Events.Count(e => e.Phase == Phase.Share));
        Assert.True(run.Events.Where(e => e.Phase == Phase.Round).Max(e => (e.End - e.Start).TotalMilliseconds) < 500);
    }

    private static RunPlan Asynchronous(long rounds) =>
        Scenario.Plan(UncodedCode.Create(6), rounds, p => p with { Optimizer = new Sgd(new ConstantSchedule(0.05)) });

    private static ICode<float> Make(string kind) => kind switch
    {
        "chunks" => ReissueCode.Create(9, 5),
        "bounded" => ReissueCode.Create(9, 4, 0.1),
        "shards" => DynamicShardsCode.Create(9, 4),
        "duplicates" => DynamicShardsCode.Create(9, 4, 2, duplicate: true),
        "two groups" => ReissueBehind.Create(FractionalRepetitionCode.Create(9, 3)),
        _ => ReissueBehind.Create(FractionalRepetitionCode.Create(9, 2)),
    };
}
