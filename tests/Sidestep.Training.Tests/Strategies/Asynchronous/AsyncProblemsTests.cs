using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>Plans that asynchronous descent refuses, each with its reason and the nearest sound choice.</summary>
public sealed class AsyncProblemsTests
{
    private static readonly AsyncDescent Immediate = new(4);
    private static readonly AsyncDescent Round = new(4) { Policy = AsyncPolicy.Round };
    private static readonly ICode<float> Lines = PairLinesCode.Create(3);
    private static readonly IOptimizer Adam = new Adam(0.01);

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Refused(Immediate with { MaxStaleness = -1 }, Lines, "maxStaleness is -1: at least 0");
        Refused(AsyncDescent.StaleSynchronous(-1), UncodedCode.Create(4), "slack is -1: at least 0");
        Refused(Immediate with { Shares = 0 }, Lines, "shares is 0: 1 to 6 are possible");
        Refused(Immediate with { Shares = 7 }, Lines, "nearest is 6");
        Refused(Round with { MaxStaleness = 65 }, Lines, "at most 64");
        Refused(Round with { Deadline = TimeSpan.Zero }, Lines, "deadline is 00:00:00: a positive time");
        Refused(Immediate with { Scale = 5 }, Lines, "1/(1 − q)");
        Refused(Immediate with { Scale = 0.5 }, Lines, "scale is 0.5");
    }

    [Fact]
    public void Parameters_of_the_other_policy_are_refused()
    {
        Refused(Round with { Slack = 2 }, Lines, "belong to policy immediate");
        Refused(Round with { Scale = 2 }, Lines, "belong to policy immediate");
        Refused(Immediate with { Early = true }, Lines, "or use policy round");
        Refused(Immediate with { Deadline = TimeSpan.FromSeconds(1) }, Lines, "or use policy round");
        Refused(Round with { Early = true }, UncodedCode.Create(4), "has one block only");
    }

    [Fact]
    public void Codes_without_tight_rows_are_refused_by_the_immediate_policy()
    {
        // Two of three blocks are sent alone, one twice as often as the other: no frame is tight, but all can be decoded.
        Row<float> Row(int worker, params (int Block, float Weight)[] terms) => new(worker, [.. terms.Select(t => new Term<float>(worker, t.Block, t.Weight))]);
        Item<float>[] items = [.. Enumerable.Range(0, 4).Select(i => new Item<float>(i, [(0, 1f)]))];
        var table = new CodeTable<float>(4, 1, 2, [.. items], [Row(0, (0, 1f)), Row(1, (1, 1f)), Row(2, (0, 1f), (1, 1f)), Row(3, (0, 1f))]);
        var code = TableCode.Create("loose", table);
        Refused(Immediate, code, "needs a tight frame");
        Refused(Immediate, code, "pair-lines");
        Round.Validate(Plan(code));
    }

    [Fact]
    public void Codes_that_ask_or_leave_out_are_refused()
    {
        Refused(Immediate, DynamicShardsCode.Create(4), "asks for rows on request: use code uncoded");
        Refused(Immediate, DropSlowestCode.Create(4, 1), "would be code uncoded");
        Round.Validate(Plan(ReissueCode.Create(4)));
        Round.Validate(Plan(DropSlowestCode.Create(4, 1)));
    }

    [Fact]
    public void Adaptive_optimizers_get_decoded_gradients_only()
    {
        Refused(Immediate, Lines, "not linear in the gradient", Adam);
        Refused(Immediate, Lines, "policy round, which decodes first", new AdamW(0.01));
        Refused(Immediate, CyclicRepetitionCode.Create(4, 1, 1), "coded shares", Adam);
        Refused(Round with { Early = true }, Lines, "some blocks without the others", Adam);
        Round.Validate(Plan(Lines, Adam));
        Immediate.Validate(Plan(UncodedCode.Create(4), Adam));
        Immediate.Validate(Plan(FractionalRepetitionCode.Create(4, 1), Adam));
        Immediate.Validate(Plan(Lines, new Momentum(new WarmUp(new ConstantSchedule(0.1), 3), 0.9)));
        Immediate.Validate(Plan(Lines, new Nesterov(0.1)));
    }

    [Fact]
    public void Rules_that_set_the_step_need_an_optimizer_that_has_one()
    {
        Refused(Immediate with { Rule = new StalenessAwareStep() }, UncodedCode.Create(4), "divides out again", Adam);
        Refused(Immediate with { Rule = new DelayCapStep(2) }, Lines, "the rate of sgd only", new Momentum(0.1));
        (Immediate with { Rule = new StalenessAwareStep() }).Validate(Plan(Lines, new Momentum(0.1)));
    }

    [Fact]
    public void Compressors_with_memory_mixers_and_early_clipping_are_refused()
    {
        var plan = Plan(UncodedCode.Create(4));
        Refused(Immediate, plan with { Uplink = new Feedback(new TopK(0.1)) }, "a compressor without memory, such as top-k");
        Refused(Round, plan with { Uplink = new Feedback(new TopK(0.1)) }, "no snapshot");
        Refused(Round, plan with { Mixer = new StarAllReduce() }, "does not mix");
        Refused(Round with { Early = true }, Plan(Lines) with { Clip = new GradientClip(Norm: 1) }, "clip bounds whole gradients");
        Immediate.Validate(plan with { Uplink = new TopK(0.1) });
        Round.Validate(plan with { Uplink = new TopK(0.1) });
    }

    [Fact]
    public void Compressed_shares_and_clipping_work_under_both_policies()
    {
        foreach (var strategy in new[] { Immediate, Round })
        {
            var plan = Plan(Lines) with { Uplink = new TopK(0.5), Clip = new GradientClip(Norm: 100), Rounds = 60, Optimizer = new Sgd(0.2) };
            var run = Scenario.Run(strategy, plan);
            Assert.Equal(RunStatus.Finished, run.State.Status);
            var losses = run.Events.Where(e => e.Phase == Phase.Round).Select(e => e.Value).ToArray();
            Assert.True(losses[^1] < losses[10], $"{losses[10]} to {losses[^1]}");
        }
    }

    private static RunPlan Plan(ICode<float> code, IOptimizer? optimizer = null) => Scenario.Plan(code, change: p => p with { Optimizer = optimizer ?? new Sgd(0.05) });

    private static void Refused(AsyncDescent strategy, ICode<float> code, string expected, IOptimizer? optimizer = null) => Refused(strategy, Plan(code, optimizer), expected);

    private static void Refused(AsyncDescent strategy, RunPlan plan, string expected)
    {
        var refused = Assert.Throws<CompositionException>(() => strategy.Validate(plan));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }
}
