namespace Sidestep.Training;

/// <summary>What a strategy is created from.</summary>
/// <param name="MaxStaleness">Largest staleness applied (async-descent).</param>
/// <param name="Steps">Local steps per round (local-descent).</param>
/// <param name="Slack">Clocks a worker may be ahead of the slowest (stale-synchronous).</param>
public sealed record StrategyParameters(int MaxStaleness = 8, int Steps = 8, int Slack = 3)
{
    /// <summary>See <see cref="AsyncDescent.Policy"/>.</summary>
    public AsyncPolicy Policy { get; init; }

    /// <summary>See <see cref="AsyncDescent.Rule"/>.</summary>
    public StepRule Rule { get; init; } = new ConstantStep();

    /// <summary>See <see cref="AsyncDescent.Shares"/>.</summary>
    public int? Shares { get; init; }

    /// <summary>See <see cref="AsyncDescent.Scale"/>.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>See <see cref="AsyncDescent.Deadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>See <see cref="AsyncDescent.Early"/>.</summary>
    public bool Early { get; init; }
}

/// <summary>One strategy of the catalog.</summary>
/// <param name="Name">The name in specs.</param>
/// <param name="Summary">One line.</param>
/// <param name="Parameters">Names of the parameters it uses, comma-separated; empty: none.</param>
/// <param name="Create">Creates it.</param>
public sealed record StrategyEntry(string Name, string Summary, string Parameters, Func<StrategyParameters, IStrategy> Create);

/// <summary>The built-in strategies.</summary>
public static class StrategyCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<StrategyEntry> Entries { get; } =
    [
        new("coded-descent", "synchronous; a round ends when the code decodes, whoever is missing", string.Empty, _ => new CodedDescent()),
        new(
            "async-descent",
            "nobody waits: shares are applied as they arrive, or versions as they are decoded, up to a bounded staleness",
            "maxStaleness, policy, stepRule, shares, scale, deadline, early",
            p => new AsyncDescent(p.MaxStaleness)
            {
                Policy = p.Policy, Rule = p.Rule, Shares = p.Shares, Scale = p.Scale, Deadline = p.Deadline, Early = p.Early,
            }),
        new(
            "stale-synchronous",
            "workers run ahead of the slowest by a bounded number of clocks",
            "slack, stepRule",
            p => AsyncDescent.StaleSynchronous(p.Slack) with { Rule = p.Rule }),
        new("local-descent", "H local steps, then a mixer averages the parameters", "steps", p => new LocalDescent(p.Steps)),
    ];
}
