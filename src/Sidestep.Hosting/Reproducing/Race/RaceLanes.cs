namespace Sidestep.Hosting;

/// <summary>The schemes of a race.</summary>
internal static class RaceLanes
{
    /// <summary>All of them.</summary>
    /// <param name="workers">n.</param>
    /// <param name="blocks">K.</param>
    public static IReadOnlyList<RaceLane> Of(int workers, int blocks)
    {
        var half = workers / 2;
        return
        [
            new("wait for all", new CodeSpec("uncoded", workers), new StrategySpec()),
            new($"drop-slowest s={half}", new CodeSpec("drop-slowest", workers, half), new StrategySpec()),
            new("reissue chunks=4", new CodeSpec("reissue", workers, Chunks: 4), new StrategySpec()),
            new("fractional-repetition s=2", new CodeSpec("fractional-repetition", workers, 2), new StrategySpec()),
            new("cyclic-repetition s=2", new CodeSpec("cyclic-repetition", workers, 2), new StrategySpec()),
        ];
    }
}
