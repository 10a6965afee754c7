namespace Sidestep.Training;

/// <summary>What a strategy is created from.</summary>
/// <param name="MaxStaleness">Largest staleness applied (async-descent).</param>
/// <param name="Steps">Local steps per round (local-descent).</param>
/// <param name="Slack">Clocks a worker may be ahead of the slowest (stale-synchronous).</param>
public sealed record StrategyParameters(int MaxStaleness = 8, int Steps = 8, int Slack = 3);

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
        new("async-descent", "every gradient is applied as it arrives, up to a bounded staleness", "maxStaleness", p => new AsyncDescent(p.MaxStaleness)),
        new("stale-synchronous", "workers run ahead of the slowest by a bounded number of clocks", "slack", p => new StaleSynchronous(p.Slack)),
        new("local-descent", "H local steps, then a mixer averages the parameters", "steps", p => new LocalDescent(p.Steps)),
    ];
}
