using System.Globalization;
using Sidestep.Coding;

namespace Sidestep.Training;

/// <summary>What may be wrong with a plan for <see cref="AsyncDescent"/>; each problem says what, why, and the nearest sound choice.</summary>
internal static class AsyncProblems
{
    public static List<string> Of(AsyncDescent strategy, RunPlan plan)
    {
        var problems = PlanProblems.Common(plan);
        PlanProblems.Uplink(plan, problems);
        if (plan.Uplink is { Traits.Remembers: true } uplink)
        {
            problems.Add(
                $"compressor {uplink.Name} keeps memory at workers that are all at different versions, which no snapshot of strategy {strategy.Name} can save: "
                + "use a compressor without memory, such as top-k, or coded-descent");
        }

        if (plan.Mixer is not null)
        {
            problems.Add($"strategy {strategy.Name} does not mix, but mixer {plan.Mixer.Name} is given: remove it, or use local-descent");
        }

        Numbers(strategy, plan, problems);
        if (strategy.Policy == AsyncPolicy.Immediate)
        {
            Immediate(strategy, plan, problems);
        }
        else
        {
            Round(strategy, plan, problems);
        }

        Rule(strategy, plan, problems);
        return problems;
    }

    private static void Numbers(AsyncDescent strategy, RunPlan plan, List<string> problems)
    {
        if (strategy.MaxStaleness < 0)
        {
            problems.Add($"maxStaleness is {strategy.MaxStaleness}: at least 0 is needed (0 applies only gradients of the newest model)");
        }

        if (strategy.Slack < 0)
        {
            problems.Add($"slack is {strategy.Slack}: at least 0 is needed (0 is synchronous)");
        }

        var rows = plan.Code.Table.Rows.Count(r => !r.OnRequest);
        if (strategy.Shares is { } shares && (shares < 1 || shares > rows))
        {
            problems.Add($"shares is {shares}: 1 to {rows} are possible, the rows that code {plan.Code.Name} sends; nearest is {Math.Clamp(shares, 1, Math.Max(1, rows))}");
        }
    }

    private static void Immediate(AsyncDescent strategy, RunPlan plan, List<string> problems)
    {
        var code = plan.Code;
        if (!(strategy.Scale is >= 1 and <= AsyncDescent.MostScale))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"scale is {strategy.Scale}: 1 to {AsyncDescent.MostScale} are possible, 1/(1 − q) for a part q of shares that never count; larger ones were measured to diverge, lower the rate instead of raising the scale"));
        }

        if (strategy.Deadline is not null || strategy.Early)
        {
            problems.Add("deadline and early are about versions that are decoded, which policy immediate does not have: leave them out, or use policy round");
        }

        if (strategy.Slack is not null && (strategy.Shares ?? 1) > 1)
        {
            problems.Add($"shares is {strategy.Shares}, but a strategy paced by slack applies every share on its own: leave shares out");
        }

        if (code.Guarantee.Exactness == Exactness.Approximate && code.Table.Blocks == 1)
        {
            problems.Add($"code {code.Name} ends rounds early, but policy immediate has no rounds, so it would be code uncoded: use that");
        }

        if (code.Table.Rows.Any(r => r.OnRequest))
        {
            problems.Add($"policy immediate takes what comes and asks for nothing, but code {code.Name} asks for rows on request: use code uncoded, or fractional-repetition with reissue false");
        }
        else
        {
            Weights(code, problems);
        }

        if (!Linearity.Holds(plan) && !Enumerable.Range(0, code.Table.Rows.Length).All(r => PartitionUse.IsPlainSum(PartitionUse.Of(r, code.Table), code.Table)))
        {
            problems.Add(
                $"optimizer {plan.Optimizer.Name} is not linear in the gradient, but policy immediate gives it coded shares of code {code.Name} before they are decoded: "
                + "use sgd or momentum, or policy round, which decodes first");
        }
    }

    private static void Weights(ICode<float> code, List<string> problems)
    {
        ImmediateWeights weights;
        try
        {
            weights = ImmediateWeights.Of(code);
        }
        catch (ConfigurationException error)
        {
            problems.Add(error.Message);
            return;
        }

        if (!weights.IsComplete)
        {
            problems.Add(
                $"policy immediate weighs each share on its own, but no weights of the rows that code {code.Name} sends unasked add up to the gradient: "
                + "use uncoded, fractional-repetition or pair-lines, or policy round");
        }
        else if (code.Table.Blocks > 1 && !weights.IsTight)
        {
            problems.Add(
                $"policy immediate needs a tight frame, or single updates can lead uphill, but the rows of code {code.Name} are none: "
                + "use policy round, or a code whose frame is tight, such as pair-lines");
        }
    }

    private static void Round(AsyncDescent strategy, RunPlan plan, List<string> problems)
    {
        var code = plan.Code;
        if (strategy.MaxStaleness > AsyncDescent.MostOpen)
        {
            problems.Add($"maxStaleness is {strategy.MaxStaleness}, but policy round keeps every open version in memory: at most {AsyncDescent.MostOpen}");
        }

        if (strategy.Slack is not null || strategy.Scale != 1)
        {
            problems.Add("slack and scale belong to policy immediate; policy round is bounded by maxStaleness and decodes what has come: leave them out");
        }

        if (strategy.Deadline <= TimeSpan.Zero)
        {
            problems.Add($"deadline is {strategy.Deadline}: a positive time is needed, such as 200ms");
        }

        if (strategy.Early && code.Table.Blocks == 1)
        {
            problems.Add($"early applies blocks as soon as they are known, but code {code.Name} has one block only: leave it out, or use a derivative code such as pair-lines");
        }
        else if (strategy.Early && !Linearity.Holds(plan))
        {
            problems.Add($"optimizer {plan.Optimizer.Name} is not linear in the gradient, but early gives it some blocks without the others: use sgd or momentum, or leave early out");
        }

        if (strategy.Early && plan.Clip is not null)
        {
            problems.Add("clip bounds whole gradients, but early applies blocks one by one: remove one of them");
        }
    }

    private static void Rule(AsyncDescent strategy, RunPlan plan, List<string> problems)
    {
        if (strategy.Rule is ConstantStep)
        {
            return;
        }

        if (!Linearity.Holds(plan))
        {
            problems.Add($"stepRule {strategy.Rule.Text} scales gradients, which optimizer {plan.Optimizer.Name} divides out again: use sgd, or stepRule constant");
        }
        else if (!strategy.Rule.IsProportional && plan.Optimizer is not Sgd)
        {
            problems.Add($"stepRule {strategy.Rule.Text} sets the step itself, which is the rate of sgd only, not of {plan.Optimizer.Name}: use sgd, or staleness-aware or drop");
        }
    }
}
