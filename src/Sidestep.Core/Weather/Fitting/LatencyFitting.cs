using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Fits laws to measured delays by maximum likelihood.</summary>
/// <remarks>Laws: constant, shifted exponential, Pareto, lognormal; two of these with independent or lasting bad times; and the measured delays
/// themselves, replayed. Delays that were cut short count for what they say: at least so long. Cost: n log n, and for two states about a
/// hundred passes over the series.
/// <code>var best = LatencyFitting.Best(samples);
/// Console.WriteLine($"{best.Law}, distance {best.Distance}");</code></remarks>
public static class LatencyFitting
{
    /// <summary>Fewer delays say too little of a law.</summary>
    public const int LeastSamples = 20;

    /// <summary>Most delays a replayed trace keeps: longer ones are summed up, group by group, which keeps the mean.</summary>
    public const int TraceLength = 256;

    /// <summary>The largest <see cref="LatencyFit.Distance"/> a law may have: what chance does in 1 of 20 cases, and 0.02.</summary>
    /// <param name="samples">Number of delays.</param>
    public static double MostDistance(int samples) => (1.36 / Math.Sqrt(samples)) + 0.02;

    /// <summary>The law of least <see cref="LatencyFit.Aic"/> within <see cref="MostDistance"/> whose mean is at most twice that of the delays (a fitted
    /// Pareto law may have none); the replayed trace where no law is.</summary>
    /// <param name="series">The delays in the order of rounds.</param>
    /// <exception cref="DataException">There are fewer than <see cref="LeastSamples"/>, or all were cut short.</exception>
    public static LatencyFit Best(IReadOnlyList<LatencySample> series)
    {
        var fits = All(series);
        var mean = LawShape.Mean(fits[^1].Law);
        return fits.FirstOrDefault(f => f.Distance <= MostDistance(f.Samples) && LawShape.Mean(f.Law) <= 2 * mean) ?? fits[^1];
    }

    /// <summary>All laws that apply, the best first by <see cref="LatencyFit.Aic"/>; the replayed trace is last.</summary>
    /// <param name="series">The delays in the order of rounds.</param>
    /// <exception cref="DataException">There are fewer than <see cref="LeastSamples"/>, or all were cut short.</exception>
    public static IReadOnlyList<LatencyFit> All(IReadOnlyList<LatencySample> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var samples = SortedSamples.Of(series);
        if (samples.Known < LeastSamples)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{samples.Known} delays that were not cut short are too few for a law: at least {LeastSamples} are needed"));
        }

        var fits = SimpleLaws.All(samples)
            .Select(l => (l.Law, l.Parameters, LogLikelihood: SimpleLaws.LogLikelihood(samples, l.Law)))
            .ToList();
        if (fits is not [(ConstantLatency, _, _)])
        {
            fits.AddRange(TwoStates.Fit(series));
        }

        return
        [
            .. fits.Select(f => Fit(samples, f.Law, f.LogLikelihood, f.Parameters)).OrderBy(f => f.Aic),
            Fit(samples, Trace(samples), double.NaN, 0),
        ];
    }

    /// <summary>The delays themselves as a law, ascending; of more than <see cref="TraceLength"/> each stands for a group.</summary>
    /// <param name="series">The delays; at least one.</param>
    public static TraceLatency Trace(IEnumerable<LatencySample> series) => Trace(SortedSamples.Of(series));

    private static LatencyFit Fit(SortedSamples samples, LatencyModel law, double logLikelihood, int parameters)
    {
        var distance = KolmogorovSmirnov.Distance(samples, law);
        return new LatencyFit(
            law, samples.Count, samples.Count - samples.Known, distance, KolmogorovSmirnov.PValue(distance, samples.Known), logLikelihood, parameters);
    }

    private static TraceLatency Trace(SortedSamples samples)
    {
        var count = Math.Min(TraceLength, samples.Count);
        var delays = ImmutableArray.CreateBuilder<TimeSpan>(count);
        for (var group = 0; group < count; group++)
        {
            var (from, to) = ((int)((long)samples.Count * group / count), (int)((long)samples.Count * (group + 1) / count));
            var ticks = samples.Known == samples.Count
                ? samples.Ticks.AsSpan(from, to - from).ToArray().Average()
                : samples.Quantile((group + 0.5) / count);
            delays.Add(TimeSpan.FromTicks((long)Math.Round(ticks)));
        }

        return new TraceLatency(delays.MoveToImmutable(), "measured");
    }
}
