namespace Sidestep.Hosting;

/// <summary>What a scheme takes on a replayed job.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="RoundTripShare">The round-trip time, as a share of the median mini-batch.</param>
/// <param name="Rival">The scheme.</param>
/// <param name="Times">Its rounds.</param>
/// <param name="OverWaitForAll">Its mean round over that of waiting for all on the same job and round-trip time.</param>
public sealed record TraceCell(string Job, double RoundTripShare, Rival Rival, SchemeTimes Times, double OverWaitForAll);

/// <summary>Replays a job's mini-batch times under every scheme: in round k a worker is as fast as its k-th mini-batch was.</summary>
/// <remarks>A tenth of a worker's part takes it a tenth of that time, whosever part it is; s + 1 parts take it s + 1 times as long.
/// <code>var cells = TraceReplay.Run(JobTrace.Read("job_4_norm.csv.gz"), [0, 0.01, 0.1]);</code></remarks>
public static class TraceReplay
{
    /// <summary>Replays it; deterministic.</summary>
    /// <param name="job">The job; at least 4 workers.</param>
    /// <param name="roundTripShares">Round-trip times, as shares of the median mini-batch.</param>
    /// <param name="takesPart">Which schemes; null: all. The one that waits for all always does.</param>
    /// <param name="stop">Ends it at once.</param>
    public static IReadOnlyList<TraceCell> Run(
        JobTrace job, IReadOnlyList<double> roundTripShares, Func<Rival, bool>? takesPart = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(roundTripShares);
        var cells = new List<TraceCell>();
        foreach (var share in roundTripShares)
        {
            var waits = double.NaN;
            foreach (var rival in Rivals.Of(job.Times.Length).Where(r => r.Kind == RivalKind.Waits || (takesPart?.Invoke(r) ?? true)))
            {
                var times = rival.Play(Scene(job, rival, share), stop);
                waits = rival.Kind == RivalKind.Waits ? times.Mean : waits;
                cells.Add(new TraceCell(job.Name, share, rival, times, times.Mean / waits));
            }
        }

        return cells;
    }

    private static SchemeScene Scene(JobTrace job, Rival rival, double share)
    {
        var oneWay = new ConstantLatency(job.Median * share / 2);
        return new SchemeScene
        {
            Code = rival.Code,
            Strategy = rival.Strategy,
            Workers = [.. job.Times.Select(own => new WorkerTimes(new SeriesLatency(own, rival.LabelsPerRound), oneWay, oneWay))],
            Partitions = job.Times.Length,
            Rounds = job.Rounds,
            WarmUp = 0,
        };
    }
}
