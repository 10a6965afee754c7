using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

public sealed class CodedDescentTests
{
    private static readonly CodedDescent Strategy = new();

    public static TheoryData<string, int> BitExact => new()
    {
        { "fractional-repetition", 2 },
        { "reissue", 5 },
        { "uncoded", 5 },
    };

    [Theory]
    [MemberData(nameof(BitExact))]
    public void Killed_slots_leave_the_bytes_of_an_exact_run_unchanged(string name, int dead)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Workers = 9, Stragglers = 2, Seed = 1, Blocks = 1, MaxAmplification = 1024 });
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        Assert.Equal(RunStatus.Finished, calm.State.Status);
        for (var seed = 0; seed < 20; seed++)
        {
            var stormy = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.RandomKills(9, dead, 40, 3, seed));
            Assert.Equal(RunStatus.Finished, stormy.State.Status);
            Assert.True(stormy.Events.Count(e => e.Phase == Phase.Lost) >= dead);
            Assert.Equal(calm.State.TrajectoryHash, stormy.State.TrajectoryHash);
        }
    }

    [Fact]
    public void Dead_slots_within_the_guarantee_cost_no_wait_for_their_return()
    {
        var code = FractionalRepetitionCode.Create(9, 2);
        var run = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.Kills((0, 5), (4, 5)), comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(40, run.State.Round);
    }

    [Fact]
    public void More_dead_than_the_guarantee_ends_with_their_names_and_the_round_kept()
    {
        var code = FractionalRepetitionCode.Create(9, 2);
        var run = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.Kills((3, 7), (4, 7), (5, 7)), comesBack: false);
        Assert.Equal(RunStatus.QuorumLost, run.State.Status);
        Assert.Equal(7, run.State.Round);
        Assert.Contains("3, 4, 5", run.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Reissue_goes_on_with_four_of_nine_that_never_return()
    {
        var code = ReissueCode.Create(9);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var run = Scenario.Run(Strategy, Scenario.Plan(code), Scenario.Kills((0, 5), (2, 5), (4, 6), (6, 6), (8, 7)), comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
        Assert.Contains(run.Events, e => e.Phase == Phase.Ask);
    }

    [Fact]
    public void Reissue_asks_others_for_rows_of_slow_slots_and_stays_exact()
    {
        var code = ReissueCode.Create(8);
        var calm = Scenario.Run(Strategy, Scenario.Plan(code));
        var slow = Weather.None with
        {
            Slow = Weather.None.Slow.Add(1, new ConstantLatency(TimeSpan.FromSeconds(1))).Add(6, new ConstantLatency(TimeSpan.FromSeconds(1))),
        };
        var run = Scenario.Run(Strategy, Scenario.Plan(code), slow);
        Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
        var rounds = run.Events.Where(e => e.Phase == Phase.Round).Skip(5).Select(e => (e.End - e.Start).TotalMilliseconds).ToArray();
        Assert.True(rounds.Max() < 500, $"the slowest round took {rounds.Max()} ms of virtual time");
    }

    [Fact]
    public void Feedback_survives_kills_because_replicas_hold_the_same_memory()
    {
        var code = FractionalRepetitionCode.Create(9, 2);
        RunPlan Compressed(RunPlan p) => p with { Uplink = new Feedback(new TopK(0.1)) };
        var calm = Scenario.Run(Strategy, Scenario.Plan(code, 60, Compressed));
        for (var seed = 0; seed < 10; seed++)
        {
            var stormy = Scenario.Run(Strategy, Scenario.Plan(code, 60, Compressed), Scenario.RandomKills(9, 2, 60, 25, seed), respawn: TimeSpan.Zero);
            Assert.DoesNotContain(stormy.Events, e => e.Phase == Phase.FeedbackReset);
            Assert.Equal(calm.State.TrajectoryHash, stormy.State.TrajectoryHash);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Continued_run_ends_with_the_same_bytes(bool compressed)
    {
        var code = FractionalRepetitionCode.Create(6, 1);
        RunPlan Change(RunPlan p) => compressed ? p with { Uplink = new Feedback(new TopK(0.1)) } : p;
        var whole = Scenario.Run(Strategy, Scenario.Plan(code, 40, Change));
        foreach (var cut in new long[] { 1, 13, 20, 39 })
        {
            var saved = new LastSnapshot(cut);
            Scenario.Run(Strategy, Scenario.Plan(code, 40, p => Change(p) with { Checkpoints = saved }));
            var plan = Scenario.Plan(code, 40, Change);
            var state = Strategy.Create(plan, Slots.Coordinator);
            StateBytes.Read(saved.Bytes, state);
            Assert.Equal(cut, state.Round);
            var rest = Scenario.Run(Strategy, plan, state: state);
            Assert.Equal(whole.State.TrajectoryHash, rest.State.TrajectoryHash);
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_trace()
    {
        var code = FractionalRepetitionCode.Create(9, 2);
        var weather = Scenario.RandomKills(9, 2, 40, 4, 1);
        Assert.Equal(
            Scenario.Run(Strategy, Scenario.Plan(code), weather).Trace,
            Scenario.Run(Strategy, Scenario.Plan(code), weather).Trace);
    }

    [Theory]
    [InlineData("cyclic-repetition")]
    [InlineData("pair-lines")]
    [InlineData("drop-slowest")]
    public void Other_codes_converge(string name)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Workers = name == PairLinesCode.Name ? 12 : 7, Stragglers = 2, Seed = 1, Blocks = name == PairLinesCode.Name ? 4 : 0, MaxAmplification = 1024 });
        var run = Scenario.Run(Strategy, Scenario.Plan(code, 150));
        var losses = run.Events.Where(e => e.Phase == Phase.Round).Select(e => e.Value).ToArray();
        Assert.Equal(150, losses.Length);
        Assert.True(losses[^1] < 0.9 * losses[0], $"{losses[0]} -> {losses[^1]}");
    }

    [Fact]
    public void Unsound_plans_are_refused_with_all_reasons()
    {
        var plan = Scenario.Plan(CyclicRepetitionCode.Create(7, 2, 1), 0, p => p with { Uplink = new Feedback(new TopK(0.1)), Mixer = new RingAllReduce() });
        var refused = Assert.Throws<CompositionException>(() => Strategy.Validate(plan));
        Assert.True(refused.Problems.Count >= 3, refused.Message);
    }

    private sealed class LastSnapshot(long at) : ICheckpoints
    {
        private bool _saved;

        public byte[] Bytes { get; private set; } = [];

        public bool Due(long round) => round == at;

        public void Save(IRunState state)
        {
            if (!_saved && state.Round == at)
            {
                var writer = new System.Buffers.ArrayBufferWriter<byte>();
                StateBytes.Write(state, writer);
                Bytes = writer.WrittenSpan.ToArray();
                _saved = true;
            }
        }
    }
}
