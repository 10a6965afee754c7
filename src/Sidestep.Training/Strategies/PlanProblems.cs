using System.Globalization;

namespace Sidestep.Training;

/// <summary>Checks of plans that several strategies share; each problem says what, why, and the nearest sound choice.</summary>
internal static class PlanProblems
{
    public static List<string> Common(RunPlan plan)
    {
        var problems = new List<string>();
        if (plan.Rounds < 1)
        {
            problems.Add($"rounds is {plan.Rounds}: at least 1 is needed");
        }

        if (plan.HashEvery < 1)
        {
            problems.Add($"hashEvery is {plan.HashEvery}: at least 1 is needed");
        }

        if (plan.Code.Table.Workers != plan.Workers)
        {
            problems.Add($"workers is {plan.Workers}, but code {plan.Code.Name} is for {plan.Code.Table.Workers}: make them equal");
        }

        var blocks = plan.Layout switch { ContiguousLayout l => l.Blocks, TensorLayout l => l.Count(plan.Shape), _ => plan.Code.Table.Blocks };
        if (blocks != plan.Code.Table.Blocks)
        {
            problems.Add($"the layout has {blocks} blocks, but code {plan.Code.Name} has {plan.Code.Table.Blocks}: make them equal");
        }

        if (plan.EvaluateEvery < 0)
        {
            problems.Add($"evaluateEvery is {plan.EvaluateEvery}: at least 0 is needed (0 evaluates at the end only)");
        }

        if (plan.Source.Samples(0) < 1)
        {
            problems.Add("a round has no samples: at least 1 is needed");
        }

        if (plan.QuorumTimeout <= TimeSpan.Zero)
        {
            problems.Add($"quorumTimeout is {plan.QuorumTimeout}: a positive time is needed, such as 300s");
        }

        Measured(plan, problems);
        return problems;
    }

    public static void Uplink(RunPlan plan, List<string> problems)
    {
        if (plan.Uplink is not { } uplink)
        {
            return;
        }

        var code = plan.Code;
        if (uplink.Traits.Remembers && !code.Guarantee.SteadyWeights)
        {
            problems.Add(
                $"compressor {uplink.Name} remembers what it did not send, but code {code.Name} weighs a share differently for every arrival set, "
                + "so the debt is never repaid and the run can diverge: use fractional-repetition, or a compressor without memory");
        }

        if (uplink.Traits.Remembers && code.Table.Rows.Any(r => r.OnRequest))
        {
            problems.Add(
                $"compressor {uplink.Name} needs every holder of a stream to see every round, but code {code.Name} computes rows on request: "
                + "use fractional-repetition, or a compressor without memory");
        }

        if (!uplink.Traits.Lossless && code.Guarantee.Exactness == Exactness.Numeric && code.Guarantee.Amplification > 64)
        {
            problems.Add(
                $"compressor {uplink.Name} changes shares, and code {code.Name} amplifies changes by up to {code.Guarantee.Amplification:0.#}: "
                + "use fractional-repetition, whose shares are only added, or compress none");
        }
    }

    public static void SumsOnly(RunPlan plan, string strategy, List<string> problems)
    {
        var table = plan.Code.Table;
        if (table.Blocks != 1 || table.Rows.Length != table.Workers || table.Partitions != table.Workers || table.Rows.Any(r => r.Terms.Length != 1 || r.Terms[0].Weight != 1)
            || table.Items.Any(i => i.Mix.Length != 1 || i.Mix[0].Weight != 1) || plan.Code.Name != Sidestep.Coding.UncodedCode.Name)
        {
            problems.Add(
                $"strategy {strategy} gives every slot one partition of its own, but code {plan.Code.Name} spreads partitions over slots: use code uncoded");
        }
    }

    private static void Measured(RunPlan plan, List<string> problems)
    {
        if (plan.Clip?.Problem() is { } problem)
        {
            problems.Add(problem);
        }

        if (!plan.Initial.IsEmpty && plan.Initial.Length != plan.Shape.Length)
        {
            problems.Add($"the initial model has {plan.Initial.Length} parameters, but the objective has {plan.Shape.Length}: use a model of the same shape");
        }

        if (plan.Watch is { } watch)
        {
            Watched(plan, watch, problems);
        }

        if (plan.Plateau is { } plateau)
        {
            Lowered(plan, plateau, problems);
        }
    }

    private static void Watched(RunPlan plan, Watch watch, List<string> problems)
    {
        var known = plan.Evaluations.SelectMany(set => set.Metrics.Select(set.FullName)).ToArray();
        if (!known.Contains(watch.Metric))
        {
            problems.Add(known.Length == 0
                ? $"the run watches {watch.Metric}, but nothing is evaluated: give a validation set or a test set"
                : $"the run watches {watch.Metric}, but what is evaluated is {string.Join(", ", known)}: choose one of these");
        }

        if (watch.Patience < 0 || !(watch.MinDelta >= 0 && double.IsFinite(watch.MinDelta)) || watch.Target is { } target && !double.IsFinite(target))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"patience is {watch.Patience}, minDelta {watch.MinDelta} and target {watch.Target}: the first two must be at least 0, and all finite"));
        }

        if ((watch.Patience > 0 || watch.Target is not null) && plan.EvaluateEvery == 0)
        {
            problems.Add("a run that may stop early must be evaluated on its way, but evaluateEvery is 0: set it, for example to 50");
        }
    }

    private static void Lowered(RunPlan plan, Plateau plateau, List<string> problems)
    {
        if (!(plateau.Factor is > 0 and < 1) || plateau.Patience < 1 || !(plateau.Least is >= 0 and <= 1))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"plateau: factor is {plateau.Factor}, patience {plateau.Patience} and the least scale {plateau.Least}: factor must lie between 0 and 1, patience be at least 1, the scale from 0 to 1"));
        }

        if (plan.Watch is null || plan.EvaluateEvery == 0)
        {
            problems.Add("schedule plateau follows evaluations, but there are none on the way: give a validation set and set evaluateEvery, for example to 50");
        }

        if (plan.Optimizer.Create(1) is not IRateScale)
        {
            problems.Add($"schedule plateau scales rates, which optimizer {plan.Optimizer.Name} does not allow: use a built-in one, or another schedule");
        }
    }

    public static void Throw(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new CompositionException(problems);
        }
    }
}
