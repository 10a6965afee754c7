using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A scheme at a point of a map, as <c>--json</c> prints it; absent: not reached.</summary>
internal sealed record WhoWinsView(
    double ComputeOverRoundTrip, double StallProbability, string Scheme, string Exactness, double MeanSeconds, double P95Seconds, double WorkerSeconds,
    double? RoundsToTarget, double? SecondsToTarget, double? Rate)
{
    public static IReadOnlyList<WhoWinsView> Of(IReadOnlyList<WhoWinsPoint> points) =>
    [
        .. from point in points
           from cell in point.Cells
           let times = cell.Times
           select new WhoWinsView(
               point.Ratio, point.Probability, cell.Rival.Name, $"E{(int)times.Exactness}", times.Mean, times.Quantile(0.95), times.WorkerSeconds,
               Known(cell.RoundsToTarget), Known(cell.SecondsToTarget), Known(cell.Rate)),
    ];

    // JSON has no NaN.
    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A point and scheme, simulated and on processes, as <c>--json</c> prints it.</summary>
internal sealed record RealPointView(double ComputeOverRoundTrip, double StallProbability, string Scheme, double SimulatedSeconds, double RealSeconds, double Difference)
{
    public static IReadOnlyList<RealPointView> Of(IReadOnlyList<RealPoint> points) =>
        [.. points.Select(p => new RealPointView(p.Ratio, p.Probability, p.Rival.Name, p.Simulated, p.Real, p.Difference))];
}

/// <summary>A scheme on a replayed job, as <c>--json</c> prints it.</summary>
internal sealed record TraceView(string Job, double RoundTripShare, string Scheme, string Exactness, double OverWaitForAll)
{
    public static IReadOnlyList<TraceView> Of(IReadOnlyList<TraceCell> cells) =>
        [.. cells.Select(c => new TraceView(c.Job, c.RoundTripShare, c.Rival.Name, $"E{(int)c.Times.Exactness}", c.OverWaitForAll))];
}
