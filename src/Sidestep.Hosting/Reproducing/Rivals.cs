namespace Sidestep.Hosting;

/// <summary>The schemes that who-wins maps and trace tables compare.</summary>
public static class Rivals
{
    /// <summary>Name of the scheme that asks others for the whole part of a late or lost worker.</summary>
    public const string WholeParts = "reissue";

    /// <summary>All of them, for a number of workers.</summary>
    /// <param name="workers">Number of workers, at least 4.</param>
    public static IReadOnlyList<Rival> Of(int workers) =>
    [
        new("uncoded", "wait", RivalKind.Waits, new CodeSpec("uncoded", workers), new StrategySpec()),
        new(WholeParts, "re", RivalKind.OnDemand, new CodeSpec("reissue", workers), new StrategySpec()),
        Coded("fractional-repetition", "fr", workers, 1),
        Coded("fractional-repetition", "fr", workers, 2),
        Coded("fractional-repetition", "fr", workers, 3),
        Coded("cyclic-repetition", "cy", workers, 2),
        Drop("biased", "db", workers, rescale: false),
        Drop("rescaled", "dr", workers, rescale: true),
        new("async-descent", "as", RivalKind.Approximate, new CodeSpec("uncoded", workers), new StrategySpec("async-descent", MaxStaleness: 10 * workers)),
    ];

    private static Rival Coded(string code, string mark, int workers, int stragglers) =>
        new($"{code} s={stragglers}", $"{mark}{stragglers}", RivalKind.Coded, new CodeSpec(code, workers, stragglers), new StrategySpec());

    private static Rival Drop(string how, string mark, int workers, bool rescale) => new(
        $"drop-slowest s=2 {how}", mark, RivalKind.Approximate, new CodeSpec("drop-slowest", workers, 2, Rescale: rescale), new StrategySpec());
}
