using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Strategies from specs and flags.</summary>
internal static class Strategies
{
    private const string RoundPolicy = "round";

    /// <summary>Creates a strategy; a parameter the strategy does not use is refused.</summary>
    /// <param name="spec">The name and parameters.</param>
    /// <param name="catalog">What names mean.</param>
    /// <exception cref="ConfigurationException">Unknown name, parameters that are not valid or not used.</exception>
    public static IStrategy Of(StrategySpec spec, SidestepCatalog catalog)
    {
        var entry = SidestepCatalog.Find("strategy", spec.Name, catalog.Strategies, e => e.Name);
        var used = entry.Parameters.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in Given(spec))
        {
            if (!used.Contains(name))
            {
                throw new ConfigurationException(
                    $"strategy {spec.Name} has no parameter '{name}'; it uses: {(entry.Parameters.Length == 0 ? "none" : entry.Parameters)}");
            }
        }

        var defaults = new StrategyParameters();
        return entry.Create(new StrategyParameters(spec.MaxStaleness ?? defaults.MaxStaleness, spec.Steps ?? defaults.Steps, spec.Slack ?? defaults.Slack)
        {
            Policy = spec.Policy == RoundPolicy ? AsyncPolicy.Round : AsyncPolicy.Immediate,
            Rule = spec.StepRule is null ? defaults.Rule : StepRuleSyntax.Parse(spec.StepRule),
            Shares = spec.Shares,
            Scale = spec.Scale ?? defaults.Scale,
            Deadline = spec.Deadline is null ? null : DurationSyntax.Parse(spec.Deadline),
            Early = spec.Early ?? defaults.Early,
        });
    }

    /// <summary>Whether shares are taken as they come and nothing is asked for: rows on request would never be.</summary>
    public static bool IsImmediate(StrategySpec spec) => spec.Name is "stale-synchronous" or "async-descent" && spec.Policy != RoundPolicy;

    private static IEnumerable<string> Given(StrategySpec spec)
    {
        (string Name, bool IsGiven)[] optional =
        [
            ("maxStaleness", spec.MaxStaleness is not null),
            ("steps", spec.Steps is not null),
            ("slack", spec.Slack is not null),
            ("policy", spec.Policy is not null),
            ("stepRule", spec.StepRule is not null),
            ("shares", spec.Shares is not null),
            ("scale", spec.Scale is not null),
            ("deadline", spec.Deadline is not null),
            ("early", spec.Early is not null),
        ];
        return optional.Where(o => o.IsGiven).Select(o => o.Name);
    }
}
