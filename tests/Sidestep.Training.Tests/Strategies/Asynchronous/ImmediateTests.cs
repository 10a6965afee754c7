using Sidestep.Coding;
using Sidestep.Simulation;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>The immediate policy on the simulator: what a share moves, updates of several shares, and clocks.</summary>
public sealed class ImmediateTests
{
    public static TheoryData<string> Codes => ["uncoded", "fractional-repetition", "cyclic-repetition", "pair-lines", "layers"];

    [Theory]
    [MemberData(nameof(Codes))]
    public void All_rows_of_one_version_are_one_step_of_the_rate(string name)
    {
        // Everybody's first share is computed at version 0, and n updates are all there are.
        var code = AsyncRoundTests.Make(name);
        var rows = code.Table.Rows.Length;
        RunPlan Plan(long rounds) => Scenario.Plan(code, rounds, p => p with { Optimizer = new Sgd(0.1) });
        var synchronous = Scenario.Run(new CodedDescent(), Plan(1)).State.Model;
        foreach (var strategy in new[] { new AsyncDescent(rows), new AsyncDescent(0) { Shares = rows } })
        {
            var model = Scenario.Run(strategy, Plan(rows / (strategy.Shares ?? 1)), timing: new FirstSharesFirst()).State.Model;
            for (var i = 0; i < Scenario.Length; i++)
            {
                Assert.Equal(synchronous.Span[i], model.Span[i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Scale_multiplies_every_update()
    {
        RunPlan Plan(double rate) => Scenario.Plan(AsyncRoundTests.Make("pair-lines"), 60, p => p with { Optimizer = new Sgd(rate) });
        var scaled = Scenario.Run(new AsyncDescent(8) { Scale = 2 }, Plan(0.1)).State.Model;
        var faster = Scenario.Run(new AsyncDescent(8), Plan(0.2)).State.Model;
        for (var i = 0; i < Scenario.Length; i++)
        {
            Assert.Equal(faster.Span[i], scaled.Span[i], 1e-5f);
        }
    }

    [Fact]
    public void Update_of_several_shares_waits_for_them_and_their_slots_wait_with_it()
    {
        var run = Scenario.Run(new AsyncDescent(3) { Shares = 4 }, Scenario.Plan(UncodedCode.Create(6), 80, p => p with { Optimizer = new Sgd(0.1) }), timing: new Exponential(1, 1));
        Assert.Equal(RunStatus.Finished, run.State.Status);
        var pending = new HashSet<int>();
        foreach (var e in run.Events)
        {
            if (e.Phase == Phase.Share)
            {
                Assert.True(pending.Add(e.Slot), "a slot gave two shares to one update");
            }
            else if (e.Phase == Phase.Round)
            {
                Assert.Equal(4, pending.Count);
                pending.Clear();
            }
        }
    }

    [Fact]
    public void Update_is_not_waited_for_when_nobody_is_left_to_add_to_it()
    {
        // Four shares an update, but only three of four slots live: repetition does without one.
        var plan = Scenario.Plan(FractionalRepetitionCode.Create(4, 1), 60, p => p with { Optimizer = new Sgd(0.1) });
        var run = Scenario.Run(new AsyncDescent(3) { Shares = 4 }, plan, Scenario.Kills((1, 20)), comesBack: false);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        var lost = Scenario.Run(new AsyncDescent(3) { Shares = 4 }, plan with { Code = UncodedCode.Create(4) }, Scenario.Kills((1, 20)), comesBack: false);
        Assert.Equal(RunStatus.QuorumLost, lost.State.Status);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("staleness-aware")]
    [InlineData("adadelay(0.3)")]
    [InlineData("delay-cap(1.5)")]
    [InlineData("drop")]
    public void Every_update_steps_as_its_rule_says(string text)
    {
        const double Rate = 0.3;
        var rule = StepRuleSyntax.Parse(text);
        var plan = Scenario.Plan(UncodedCode.Create(6), 200, p => p with { Optimizer = new Sgd(Rate) });
        var run = Scenario.Run(new AsyncDescent(1000) { Rule = rule }, plan, timing: new Exponential(2, 20));
        var source = new ToySource(6, Scenario.Length);
        var model = new double[Scenario.Length];
        var copies = new double[6][];
        var read = new long[6];
        long done = 0, stalest = 0;
        foreach (var e in run.Events)
        {
            if (e.Phase == Phase.Model)
            {
                (copies[e.Slot], read[e.Slot]) = ([.. model], done);
            }
            else if (e.Phase == Phase.Share)
            {
                // A share is an estimate of a sixth of the whole gradient.
                var step = rule.Step(Rate / 6, done - read[e.Slot], done + 1, 6);
                for (var i = 0; i < model.Length; i++)
                {
                    model[i] -= step * source.Gradient(e.Row, e.Round, i, (float)copies[e.Slot][i]);
                }

                stalest = Math.Max(stalest, done - read[e.Slot]);
                done++;
            }
        }

        Assert.Equal(200, done);
        Assert.True(stalest > (rule is DropStep ? 8 : 12), $"{stalest}");
        Assert.Equal(rule is DropStep, run.Events.Any(e => e.Phase == Phase.Late));
        for (var i = 0; i < model.Length; i++)
        {
            Assert.Equal(model[i], run.State.Model.Span[i], 1e-4);
        }
    }

    [Fact]
    public void Clocks_hide_jitter_but_not_a_slot_that_is_always_slow()
    {
        // Ho et al.: 8 workers, one 20 times slower; without a bound 4,000 updates take about 549 times a computation, with any slack about 20 · 500.
        double Time(AsyncDescent strategy)
        {
            var plan = Scenario.Plan(UncodedCode.Create(8), 4000, p => p with { Optimizer = new Sgd(0.01), QuorumTimeout = TimeSpan.FromHours(1) });
            return Scenario.Run(strategy, plan, timing: new Exponential(4, 20)).Events[^1].End.TotalSeconds;
        }

        Assert.InRange(Time(new AsyncDescent(int.MaxValue)), 500, 640);
        foreach (var slack in new[] { 0, 2, 8, 32 })
        {
            Assert.InRange(Time(AsyncDescent.StaleSynchronous(slack)), 8_500, 11_500);
        }
    }

    /// <summary>Second computations take so long that all first shares come before them.</summary>
    private sealed class FirstSharesFirst : ISimTiming
    {
        private readonly int[] _computations = new int[16];

        public TimeSpan? Latency(in Message message) => TimeSpan.FromMilliseconds(0.1);

        public TimeSpan? Duration(int slot, Work work) => TimeSpan.FromMilliseconds(++_computations[slot] > 2 ? 1000 : 10);
    }

    internal sealed class Exponential(ulong seed, double slowest) : ISimTiming
    {
        private Rng _rng = new(seed, Purpose.Test, 0, 0, 0);

        public TimeSpan? Latency(in Message message) => TimeSpan.Zero;

        public TimeSpan? Duration(int slot, Work work) => TimeSpan.FromSeconds(-Math.Log(1 - _rng.NextDouble()) * (slot == 0 ? slowest : 1));
    }
}
