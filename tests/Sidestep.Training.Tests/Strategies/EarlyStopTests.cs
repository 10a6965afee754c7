using System.Buffers;
using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Evaluations at the round boundary, on the simulator: the same for all strategies.</summary>
public sealed class EarlyStopTests
{
    // A valley: it falls to round 12 and rises again, whatever the model.
    private const int Valley = 12;

    public static TheoryData<string> Strategies => ["coded", "async", "ring", "star"];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Run_ends_when_the_metric_gets_no_better_and_keeps_the_best_model(string name)
    {
        var kept = new Kept();
        var (strategy, plan) = Of(name, kept);
        var run = Scenario.Run(strategy, plan);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(Valley + 9, run.State.Round);
        Assert.Equal("stopped early after round 21: validation.valley has not improved for 3 evaluations; best 0 after round 12", run.State.Reason);
        Assert.Equal(new BestModel(Valley, "validation.valley", 0), run.State.Best);
        Assert.Equal([3, 6, 9, 12], kept.Best);
        Assert.Equal(4, run.Events.Count(e => e.Phase == Phase.Best));
        Assert.Equal(7, run.Events.Count(e => e is { Phase: Phase.Metric, Name: "validation.valley" }));
        Assert.Equal(7, run.Events.Count(e => e is { Phase: Phase.Metric, Name: "test.round" }));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Target_ends_the_run(string name)
    {
        var (strategy, plan) = Of(name, new Kept(), p => p with { Watch = new Watch("test.round", LargerIsBetter: true, Target: 8) });
        var run = Scenario.Run(strategy, plan);
        Assert.Equal(9, run.State.Round);
        Assert.StartsWith("target reached after round 9: test.round is 9", run.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Continued_runs_stop_at_the_same_round_with_the_same_bytes_under_a_plateau()
    {
        RunPlan Change(RunPlan p) => p with { Plateau = new Plateau(0.5, 1) };
        var whole = Scenario.Run(Of("coded", new Kept(), Change).Strategy, Of("coded", new Kept(), Change).Plan);
        var flat = Scenario.Run(new CodedDescent(), Of("coded", new Kept()).Plan);
        Assert.Equal(21, whole.State.Round);
        Assert.NotEqual(flat.State.Model.ToArray(), whole.State.Model.ToArray());
        for (var cut = 1; cut < 21; cut++)
        {
            var kept = new Kept(cut);
            Scenario.Run(new CodedDescent(), Of("coded", kept, Change).Plan);
            var plan = Of("coded", new Kept(start: cut), Change).Plan;
            var state = new CodedDescent().Create(plan, Slots.Coordinator);
            StateBytes.Read(kept.Snapshot, state);
            Assert.Equal(cut, state.Round);
            var rest = Scenario.Run(new CodedDescent(), plan, state: state);
            Assert.Equal(whole.State.Reason, rest.State.Reason);
            Assert.Equal(whole.State.Best, rest.State.Best);
            Assert.Equal(whole.State.TrajectoryHash, rest.State.TrajectoryHash);
            Assert.Equal(whole.State.Model.ToArray(), rest.State.Model.ToArray());
        }
    }

    [Fact]
    public void Run_that_stopped_early_stays_stopped_and_goes_on_with_more_patience()
    {
        var kept = new Kept(21);
        Scenario.Run(new CodedDescent(), Of("coded", kept).Plan);
        var plan = Of("coded", new Kept(start: 21)).Plan;
        var again = Scenario.Run(new CodedDescent(), plan, state: Loaded(plan, kept));
        Assert.Equal(21, again.State.Round);
        Assert.StartsWith("stopped early after round 21", again.State.Reason, StringComparison.Ordinal);
        var patient = Of("coded", new Kept(start: 21), p => p with { Watch = p.Watch! with { Patience = 5 } }).Plan;
        Assert.Equal(27, Scenario.Run(new CodedDescent(), patient, state: Loaded(patient, kept)).State.Round);

        static IRunState Loaded(RunPlan plan, Kept kept)
        {
            var state = new CodedDescent().Create(plan, Slots.Coordinator);
            StateBytes.Read(kept.Snapshot, state);
            return state;
        }
    }

    [Theory]
    [InlineData(0, new long[] { 40 })]
    [InlineData(15, new long[] { 15, 30, 40 })]
    [InlineData(20, new long[] { 20, 40 })]
    public void Sets_are_measured_on_the_way_and_once_at_the_end(int every, long[] rounds)
    {
        var plan = Of("coded", new Kept(), p => p with { EvaluateEvery = every, Watch = p.Watch! with { Patience = 0 } }).Plan;
        var run = Scenario.Run(new CodedDescent(), plan);
        Assert.Equal(string.Empty, run.State.Reason);
        Assert.Equal(rounds, run.Events.Where(e => e is { Phase: Phase.Evaluate, Name: "test" }).Select(e => e.Round));
        Assert.Equal(rounds, run.Events.Where(e => e is { Phase: Phase.Evaluate, Name: "validation" }).Select(e => e.Round));
    }

    [Fact]
    public void Clipping_bounds_every_step_and_is_reported()
    {
        var rate = 0.05;
        var free = Of("coded", new Kept(), p => p with { Watch = null, Rounds = 1, Optimizer = new Sgd(rate) }).Plan;
        var moved = Norms.L2(Scenario.Run(new CodedDescent(), free).State.Model.Span);
        var clipped = Scenario.Run(new CodedDescent(), free with { Clip = new GradientClip(Norm: moved / rate / 4) });
        Assert.Equal(moved / 4, Norms.L2(clipped.State.Model.Span), 1e-6);
        var clip = Assert.Single(clipped.Events, e => e.Phase == Phase.Clip);
        Assert.Equal(moved / rate, clip.Value, 1e-4);
        foreach (var name in (string[])["async", "ring"])
        {
            var (strategy, plan) = Of(name, new Kept(), p => p with { Watch = null, Optimizer = new Sgd(rate), Rounds = 10, Clip = new GradientClip(Norm: 1e-3) });
            Assert.InRange(Norms.L2(Scenario.Run(strategy, plan).State.Model.Span), 1e-6, 10 * 3 * rate * 1.001e-3);
        }
    }

    [Fact]
    public void Run_starts_from_the_initial_model()
    {
        var start = Enumerable.Range(0, Scenario.Length).Select(i => (float)i).ToArray();
        var plan = Of("coded", new Kept(), p => p with { Initial = start }).Plan;
        Assert.Equal(start, new CodedDescent().Create(plan, Slots.Coordinator).Model.ToArray());
    }

    [Fact]
    public void Unsound_plans_are_refused_with_reasons()
    {
        Refused("coded", "evaluateEvery is 0", p => p with { EvaluateEvery = 0 });
        Refused("coded", "choose one of these", p => p with { Watch = p.Watch! with { Metric = "validation.hill" } });
        Refused("coded", "nothing is evaluated", p => p with { Evaluations = [] });
        Refused("coded", "minDelta", p => p with { Watch = p.Watch! with { MinDelta = double.NaN } });
        Refused("coded", "schedule plateau follows", p => p with { Watch = null, Plateau = new Plateau(0.5, 3) });
        Refused("coded", "factor is 1", p => p with { Plateau = new Plateau(1, 3) });
        Refused("ring", "do not see evaluations", p => p with { Plateau = new Plateau(0.5, 3) });
        Refused("async", "clip.norm", p => p with { Clip = new GradientClip(Norm: -1) });
        Refused("coded", "initial model has 3", p => p with { Initial = new float[3] });

        void Refused(string name, string expected, Func<RunPlan, RunPlan> change)
        {
            var (strategy, plan) = Of(name, new Kept(), change);
            Assert.Contains(expected, Assert.Throws<CompositionException>(() => strategy.Validate(plan)).Message, StringComparison.Ordinal);
        }
    }

    private static (IStrategy Strategy, RunPlan Plan) Of(string name, Kept kept, Func<RunPlan, RunPlan>? change = null)
    {
        IStrategy strategy = name switch { "async" => new AsyncDescent(8), "ring" or "star" => new LocalDescent(3), _ => new CodedDescent() };
        var code = name == "coded" ? FractionalRepetitionCode.Create(6, 1) : UncodedCode.Create(5);
        return (strategy, Scenario.Plan(code, 40, p =>
        {
            p = p with
            {
                Checkpoints = kept,
                EvaluateEvery = 3,
                Evaluations = [kept.Set("validation", "valley", r => Math.Abs(r - Valley)), kept.Set("test", "round", r => r)],
                Watch = new Watch("validation.valley", LargerIsBetter: false, Patience: 3),
                Mixer = name == "ring" ? new RingAllReduce() : name == "star" ? new StarAllReduce() : null,
                Optimizer = new Sgd(0.02),
            };
            return change?.Invoke(p) ?? p;
        }));
    }

    /// <summary>Metrics as functions of the round, for runs that are evaluated every 3 rounds; and what they would have saved.</summary>
    private sealed class Kept(long at = -1, long start = 0) : ICheckpoints
    {
        public byte[] Snapshot { get; private set; } = [];

        public List<long> Best { get; } = [];

        public EvaluationSet Set(string name, string metric, Func<long, double> value)
        {
            var round = start / 3 * 3;
            return new EvaluationSet(name, [metric], (model, _) =>
            {
                Assert.Equal(Scenario.Length, model.Length);
                return new Evaluation([new Metric(metric, value(round += 3))]);
            });
        }

        public bool Due(long round) => round == at;

        public void Save(IRunState state)
        {
            if (state.Round == at && Snapshot.Length == 0)
            {
                var writer = new ArrayBufferWriter<byte>();
                StateBytes.Write(state, writer);
                Snapshot = writer.WrittenSpan.ToArray();
            }
        }

        public void Improved(IRunState state) => Best.Add(state.Round);
    }
}
