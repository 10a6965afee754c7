namespace Sidestep.Hosting;

/// <summary>The schemes that who-wins maps and trace tables compare.</summary>
public static class Rivals
{
    /// <summary>Name of the scheme that asks others for the whole part of a late or lost worker.</summary>
    public const string WholeParts = "reissue";

    /// <summary>All of them, for a number of workers.</summary>
    /// <remarks>Where s + 1 does not divide the number of workers, fractional repetition has groups of more than s + 1, which do more than s + 1 parts each.</remarks>
    /// <param name="workers">Number of workers, at least 4.</param>
    public static IReadOnlyList<Rival> Of(int workers) =>
    [
        new("uncoded", "wait", RivalKind.Waits, new CodeSpec("uncoded", workers), new StrategySpec()),
        new(WholeParts, "re", RivalKind.OnDemand, new CodeSpec("reissue", workers), new StrategySpec()),
        new("reissue chunks=10", "re10", RivalKind.OnDemand, new CodeSpec("reissue", workers, Chunks: 10), new StrategySpec()),
        new("dynamic-shards shards=10", "ds10", RivalKind.OnDemand, new CodeSpec("dynamic-shards", workers, Shards: 10, Duplicate: true), new StrategySpec()),
        Coded("fractional-repetition", "fr", workers, 1),
        Coded("fractional-repetition", "fr", workers, 2),
        Coded("fractional-repetition", "fr", workers, 3),
        Coded("cyclic-repetition", "cy", workers, 1),
        Coded("cyclic-repetition", "cy", workers, 2),
        Coded("cyclic-repetition", "cy", workers, 3),
        Coded("fractional-repetition", "fr", workers, 1, reissue: true),
        Drop("biased", "db", workers, rescale: false),
        Drop("rescaled", "dr", workers, rescale: true),
        new("backup-workers b=2", "bw", RivalKind.Approximate, new CodeSpec("backup-workers", workers, 2), new StrategySpec()),
        new("stale-synchronous slack=3", "ssp", RivalKind.Approximate, new CodeSpec("uncoded", workers), new StrategySpec("stale-synchronous", Slack: 3), workers),
        new("async-descent", "as", RivalKind.Approximate, new CodeSpec("uncoded", workers), new StrategySpec("async-descent", MaxStaleness: 10 * workers), workers) { LargestRate = workers },
    ];

    private static Rival Coded(string code, string mark, int workers, int stragglers, bool reissue = false) => new(
        $"{code} s={stragglers}{(reissue ? " + reissue" : string.Empty)}",
        $"{mark}{stragglers}{(reissue ? "+" : string.Empty)}",
        RivalKind.Coded,
        new CodeSpec(code, workers, stragglers, Reissue: reissue),
        new StrategySpec());

    private static Rival Drop(string how, string mark, int workers, bool rescale) => new(
        $"drop-slowest s=2 {how}", mark, RivalKind.Approximate, new CodeSpec("drop-slowest", workers, 2, Rescale: rescale), new StrategySpec());
}
