namespace Sidestep.Hosting;

/// <summary>What a scheme reached under one law of delays, over all seeds.</summary>
/// <param name="Lane">The scheme.</param>
/// <param name="Least">Smallest loss at the end.</param>
/// <param name="Median">Median loss at the end.</param>
/// <param name="Most">Largest loss at the end.</param>
/// <param name="Target">The loss <see cref="ToTarget"/> is about: what waiting for all, or the first scheme, has in the median at the end.</param>
/// <param name="ToTarget">Median seconds to the target.</param>
/// <param name="UpdatesPerSecond">Mean updates of the model per second.</param>
/// <param name="ShareBytes">Bytes of a share.</param>
/// <param name="NotUsed">Part of the shares sent that came too late.</param>
/// <param name="Rate">The rate.</param>
public sealed record RaceRow(
    RaceLane Lane, double Least, double Median, double Most, double Target, double ToTarget, double UpdatesPerSecond, double ShareBytes, double NotUsed, double Rate)
{
    /// <summary>A row for each scheme, smallest median first.</summary>
    /// <param name="runs">Runs under the same delays.</param>
    public static IReadOnlyList<RaceRow> Of(IReadOnlyList<RaceRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            return [];
        }

        var target = Middle(runs.Where(r => r.Lane.Name == runs[0].Lane.Name).Select(r => r.Last));
        return [.. runs.GroupBy(r => r.Lane).Select(g => Of([.. g], target)).OrderBy(r => r.Median)];
    }

    private static RaceRow Of(RaceRun[] runs, double target) => new(
        runs[0].Lane,
        runs.Min(r => r.Last),
        Middle(runs.Select(r => r.Last)),
        runs.Max(r => r.Last),
        target,
        Middle(runs.Select(r => r.Reaches(target))),
        runs.Average(r => r.Points.IsEmpty ? 0 : r.Updates / r.Points[^1].Seconds),
        runs.Average(r => r.ShareBytes),
        runs.Sum(r => r.Late) / Math.Max(1.0, runs.Sum(r => r.Late + r.Shares)),
        runs[0].Rate);

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[(sorted.Length - 1) / 2];
    }
}
