namespace Sidestep.Hosting;

/// <summary>The schemes of a race: what waits, drops, repeats or codes partitions, and derivative codes beside block replication with the same workers and bytes.</summary>
internal static class RaceLanes
{
    /// <summary>All of them. The first is what the others are held against.</summary>
    /// <param name="workers">n: as many as there are pair lines of K blocks.</param>
    /// <param name="blocks">K.</param>
    public static IReadOnlyList<RaceLane> Of(int workers, int blocks)
    {
        var (half, most) = (workers / 2, workers * 2 / 3);
        var synchronous = new StrategySpec();
        var lines = new CodeSpec("pair-lines", workers, Blocks: blocks);
        var copies = new CodeSpec("axes", workers, Blocks: blocks);
        return
        [
            new("wait for all", new CodeSpec("uncoded", workers), synchronous),
            new($"drop-slowest s={half}", new CodeSpec("drop-slowest", workers, half), synchronous),
            new("reissue chunks=4", new CodeSpec("reissue", workers, Chunks: 4), synchronous),
            new("fractional-repetition s=2", new CodeSpec("fractional-repetition", workers, 2), synchronous),
            new("cyclic-repetition s=2", new CodeSpec("cyclic-repetition", workers, 2), synchronous),
            new($"{half}-async", new CodeSpec("uncoded", workers), new StrategySpec("async-descent", MaxStaleness: workers, Shares: half)),
            new($"block replication, {half} lost", copies with { Stragglers = half }, synchronous),
            new($"block replication, {most} lost", copies with { Stragglers = most }, synchronous),
            new("pair-lines iterative", lines, synchronous, IsDerivative: true),
            new($"pair-lines projection, {half} lost", lines with { Stragglers = half }, synchronous, IsDerivative: true),
            new($"pair-lines projection, {most} lost", lines with { Stragglers = most }, synchronous, IsDerivative: true),
            new("pair-lines immediate", lines, new StrategySpec("async-descent", MaxStaleness: 2 * workers, Policy: "immediate"), IsDerivative: true, EvaluateEvery: workers / 2),
        ];
    }
}
