using System.Buffers;
using Sidestep.Coding;
using Sidestep.Simulation;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>The round policy against synchronous descent, and its limits on shares and time, on the simulator.</summary>
public sealed class AsyncRoundTests
{
    private static readonly AsyncDescent Synchronous = new(0) { Policy = AsyncPolicy.Round };

    public static TheoryData<string> Codes => ["uncoded", "fractional-repetition", "cyclic-repetition", "pair-lines"];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Staleness_zero_is_synchronous_bit_for_bit(string name)
    {
        // Everybody takes the same time, but for microseconds that keep arrivals in order.
        var code = Make(name);
        var calm = Scenario.Run(new CodedDescent(), Scenario.Plan(code), timing: new Ordered());
        foreach (var shares in new int?[] { null, code.Table.Rows.Length })
        {
            var run = Scenario.Run(Synchronous with { Shares = shares }, Scenario.Plan(code), timing: new Ordered());
            Assert.Equal(RunStatus.Finished, run.State.Status);
            Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
            Assert.Equal(calm.State.Model.ToArray(), run.State.Model.ToArray());
        }

        Assert.Equal(new CodedDescent().Exactness(Scenario.Plan(code)), Synchronous.Exactness(Scenario.Plan(code)));
    }

    [Theory]
    [InlineData("uncoded")]
    [InlineData("fractional-repetition")]
    public void Staleness_zero_keeps_its_bits_under_kills(string name)
    {
        var code = Make(name);
        var calm = Scenario.Run(new CodedDescent(), Scenario.Plan(code));
        for (var seed = 0; seed < 6; seed++)
        {
            var run = Scenario.Run(Synchronous, Scenario.Plan(code), Scenario.RandomKills(6, 2, 40, 5, seed));
            Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Versions_overlap_up_to_the_bound_and_jitter_is_not_waited_for(string name)
    {
        var code = Make(name);
        TimeSpan Time(AsyncDescent strategy) => Scenario.Run(strategy, Plain(code, 200), timing: new Jitter(7)).Events.Last(e => e.Phase == Phase.Round).End;
        var (none, four) = (Time(Synchronous), Time(Synchronous with { MaxStaleness = 4 }));
        Assert.True(four < 0.95 * none, $"{four} with four versions ahead, {none} without");
        var run = Scenario.Run(Synchronous with { MaxStaleness = 4 }, Plain(code, 200), timing: new Jitter(7));
        Assert.Equal(4, run.Events.Where(e => e.Phase == Phase.Step).Max(e => e.Value));
        Assert.Equal(200, run.State.Round);
    }

    [Fact]
    public void Overlapping_versions_reach_the_point_synchronous_descent_reaches()
    {
        var code = Make("pair-lines");
        var calm = Scenario.Run(new CodedDescent(), Plain(code, 300)).State.Model;
        foreach (var strategy in new[] { Synchronous with { MaxStaleness = 3 }, Synchronous with { MaxStaleness = 3, Early = true }, new AsyncDescent(12) })
        {
            var rounds = strategy.Policy == AsyncPolicy.Immediate ? 300 * 6 : 300;
            var model = Scenario.Run(strategy, Plain(code, rounds), timing: new Jitter(3)).State.Model;
            for (var i = 0; i < Scenario.Length; i++)
            {
                Assert.Equal(calm.Span[i], model.Span[i], 1e-3f);
            }
        }
    }

    [Fact]
    public void Version_takes_effect_with_its_number_of_shares_and_the_rest_is_late()
    {
        var run = Scenario.Run(Synchronous with { MaxStaleness = 2, Shares = 3 }, Plain(Make("uncoded"), 100), timing: new Jitter(5));
        Assert.Equal(RunStatus.Finished, run.State.Status);
        var used = run.Events.Where(e => e.Phase == Phase.Share).ToLookup(e => e.Round);
        Assert.All(Enumerable.Range(0, 100), round => Assert.True(used[round].Count() >= 3));
        Assert.Contains(run.Events, e => e.Phase == Phase.Late);
    }

    [Fact]
    public void Deadline_takes_what_has_come_and_nobody_is_waited_for_longer()
    {
        var slow = Weather.None with { Slow = Weather.None.Slow.Add(2, new ConstantLatency(TimeSpan.FromSeconds(5))) };
        var strategy = Synchronous with { MaxStaleness = 1, Deadline = TimeSpan.FromMilliseconds(40) };
        var run = Scenario.Run(strategy, Plain(Make("uncoded"), 50), slow);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.True(run.Events.Where(e => e.Phase == Phase.Round).Max(e => (e.End - e.Start).TotalMilliseconds) <= 41);
        Assert.All(run.Events.Where(e => e.Phase == Phase.Decode), e => Assert.Equal(1, e.Value, 1e-6));
    }

    [Fact]
    public void Early_blocks_are_applied_when_they_are_known_and_once()
    {
        var code = Make("pair-lines");
        var late = Scenario.Run(Synchronous, Plain(code, 30), timing: new Ordered());
        var early = Scenario.Run(Synchronous with { Early = true }, Plain(code, 30), timing: new Ordered());
        Assert.True(early.Events.Count(e => e.Phase == Phase.Step) > 30);
        Assert.Equal(30, late.Events.Count(e => e.Phase == Phase.Step));
        Assert.Equal(late.State.Model.ToArray(), early.State.Model.ToArray());
    }

    [Fact]
    public void Run_that_ends_with_early_blocks_applied_does_not_apply_them_again_when_continued()
    {
        // Ends in the middle of version 3, of which the first two slots have sent: blocks 0 and 1 are known.
        using var drain = new CancellationTokenSource();
        var plan = Scenario.Plan(Make("pair-lines"), 8, p => p with { Optimizer = new Sgd(1), Source = new ToySource(1, Scenario.Length, integers: true), Drain = drain.Token });
        var state = Run(plan, new DrainsIn(3, drain), null);
        Assert.Equal(RunStatus.Preempted, state.Status);
        Assert.Equal(4, state.Round);
        var writer = new ArrayBufferWriter<byte>();
        StateBytes.Write(state, writer);
        var rest = plan with { Drain = CancellationToken.None };
        var loaded = (Synchronous with { Early = true }).Create(rest, Slots.Coordinator);
        StateBytes.Read(writer.WrittenSpan.ToArray(), loaded);
        Assert.Equal(4, loaded.Round);
        var model = Run(rest, new Ordered(), loaded).Model;
        var source = new ToySource(1, Scenario.Length, integers: true);
        for (var i = 0; i < Scenario.Length; i++)
        {
            // Blocks are 13 long; of version 3 the last one was never known.
            var sum = Enumerable.Range(0, 8).Where(r => r != 3 || i < 26).Sum(r => source.Gradient(0, r, i, 0));
            Assert.Equal(-sum, model.Span[i], 1e-4);
        }

        static IRunState Run(RunPlan plan, ISimTiming timing, IRunState? state) =>
            Scenario.Run(Synchronous with { Early = true }, plan, timing: timing, state: state).State;
    }

    [Fact]
    public void Runs_go_on_through_deaths_and_do_without_the_dead()
    {
        foreach (var name in (string[])["uncoded", "fractional-repetition", "cyclic-repetition", "pair-lines"])
        {
            var run = Scenario.Run(Synchronous with { MaxStaleness = 3 }, Plain(Make(name), 120), Scenario.RandomKills(6, 2, 120, 10, 5));
            Assert.Equal(RunStatus.Finished, run.State.Status);
            if (name != "uncoded")
            {
                run = Scenario.Run(Synchronous with { MaxStaleness = 3 }, Plain(Make(name), 120), Scenario.Kills((1, 20)), comesBack: false);
                Assert.Equal(RunStatus.Finished, run.State.Status);
            }
        }

        var lost = Scenario.Run(Synchronous with { MaxStaleness = 3 }, Plain(Make("uncoded"), 120), Scenario.Kills((1, 20)), comesBack: false);
        Assert.Equal(RunStatus.QuorumLost, lost.State.Status);
    }

    [Theory]
    [InlineData("reissue")]
    [InlineData("chunks")]
    [InlineData("shards")]
    [InlineData("behind")]
    [InlineData("lines")]
    public void Rows_on_request_are_asked_of_those_who_would_wait_while_one_lives(string name)
    {
        ICode<float> code = name switch
        {
            "reissue" => ReissueCode.Create(6),
            "chunks" => ReissueCode.Create(6, 4),
            "shards" => DynamicShardsCode.Create(6, 4),
            "behind" => ReissueBehind.Create(FractionalRepetitionCode.Create(6, 2)),
            _ => PairLinesCode.Create(3, new LineOptions { Requests = true }),
        };
        var calm = Scenario.Run(new CodedDescent(), Plain(code, 30));
        foreach (var bound in new[] { 0, 2 })
        {
            var strategy = Synchronous with { MaxStaleness = bound };
            var alone = Scenario.Run(strategy, Plain(code, 30), Scenario.Kills((0, 5), (1, 6), (2, 7), (3, 8), (4, 9)), comesBack: false);
            Assert.True(alone.State.Status == RunStatus.Finished, $"bound {bound}: {alone.State.Reason}");
            Assert.Contains(alone.Events, e => e.Phase == Phase.Ask && e.Slot == 5);
            for (var seed = 0; seed < 3; seed++)
            {
                var stormy = Scenario.Run(strategy, Plain(code, 30), Scenario.RandomKills(6, 4, 30, 4, seed));
                Assert.True(stormy.State.Status == RunStatus.Finished, $"bound {bound}, seed {seed}: {stormy.State.Reason}");
                if (bound == 0 && name != "lines")
                {
                    Assert.Equal(calm.State.TrajectoryHash, stormy.State.TrajectoryHash);
                    Assert.Equal(calm.State.TrajectoryHash, alone.State.TrajectoryHash);
                }
            }
        }

        // A slot that is always late holds nobody up.
        var slow = Weather.None with { Slow = Weather.None.Slow.Add(2, new ConstantLatency(TimeSpan.FromSeconds(5))) };
        var run = Scenario.Run(Synchronous with { MaxStaleness = 1 }, Plain(code, 30), slow);
        Assert.True(run.Events.Where(e => e.Phase == Phase.Round).Max(e => (e.End - e.Start).TotalMilliseconds) < 500);
    }

    [Theory]
    [InlineData("uncoded")]
    [InlineData("pair-lines")]
    public void Share_that_comes_twice_counts_once(string name)
    {
        var code = Make(name);
        RunPlan Plan() => Scenario.Plan(code, 20, p => p with { Optimizer = new Sgd(0.1) });
        var expected = Scenario.Run(new CodedDescent(), Plan(), timing: new Ordered()).State.TrajectoryHash;
        Assert.Equal(expected, Scenario.Run(new CodedDescent(), Plan(), timing: new Ordered(), stutter: true).State.TrajectoryHash);
        Assert.Equal(expected, Scenario.Run(Synchronous, Plan(), timing: new Ordered(), stutter: true).State.TrajectoryHash);

        // Immediate: whoever gives the same share again is refused, and each update has as many shares as it waits for.
        var run = Scenario.Run(new AsyncDescent(3) { Shares = 4 }, Plan(), timing: new ImmediateTests.Exponential(1, 1), stutter: true);
        Assert.Equal(80, run.Events.Count(e => e.Phase == Phase.Share));
        Assert.Contains(run.Events, e => e.Phase == Phase.Rejected);
    }

    internal static ICode<float> Make(string name) => name switch
    {
        "uncoded" => UncodedCode.Create(6),
        "fractional-repetition" => FractionalRepetitionCode.Create(6, 2),
        "cyclic-repetition" => CyclicRepetitionCode.Create(6, 1, 1),
        "layers" => Layers(),
        _ => PairLinesCode.Create(3),
    };

    // Two rows a worker: two groups of four blocks, each a full set of lines of two blocks.
    private static ICode<float> Layers()
    {
        var weight = (float)Math.Sqrt(0.5);
        var rows = new List<Row<float>>();
        for (var worker = 0; worker < 2; worker++)
        {
            foreach (var group in new[] { 1, 0 })
            {
                rows.Add(new Row<float>(worker, [new Term<float>(worker, 2 * group, weight), new Term<float>(worker, (2 * group) + 1, worker == 0 ? weight : -weight)]));
            }
        }

        var table = new CodeTable<float>(2, 1, 4, [new Item<float>(0, [(0, 1f)]), new Item<float>(1, [(0, 1f)])], [.. rows]);
        return TableCode.Create("layers", table);
    }

    private static RunPlan Plain(ICode<float> code, long rounds) =>
        Scenario.Plan(code, rounds, p => p with { Optimizer = new Sgd(new ConstantSchedule(0.05)) });

    private sealed class Ordered : ISimTiming
    {
        public TimeSpan? Latency(in Message message) => TimeSpan.FromMilliseconds(1);

        public TimeSpan? Duration(int slot, Work work) => TimeSpan.FromMilliseconds(10) + TimeSpan.FromMicroseconds(10 * slot);
    }

    /// <summary>From a round on only two slots answer, and the run is drained.</summary>
    private sealed class DrainsIn(long round, CancellationTokenSource drain) : ISimTiming
    {
        public TimeSpan? Latency(in Message message) => TimeSpan.FromMilliseconds(1);

        public TimeSpan? Duration(int slot, Work work)
        {
            if (work.Round < round)
            {
                return TimeSpan.FromMilliseconds(10);
            }

            if (slot == 1)
            {
                drain.Cancel();
            }

            return slot < 2 ? TimeSpan.FromMilliseconds(10) : TimeSpan.FromHours(1);
        }
    }

    private sealed class Jitter(ulong seed) : ISimTiming
    {
        private Rng _rng = new(seed, Purpose.Test, 0, 0, 0);

        public TimeSpan? Latency(in Message message) => TimeSpan.FromMilliseconds(1);

        public TimeSpan? Duration(int slot, Work work) => TimeSpan.FromMilliseconds(2 - (10 * Math.Log(1 - _rng.NextDouble())));
    }
}
