namespace Sidestep.Hosting;

/// <summary>Turns series of delays into the laws of a profile.</summary>
/// <param name="rounds">The rounds whose delays are kept, ascending.</param>
internal sealed class ProfileLaws(long[] rounds)
{
    /// <summary>The law of a series.</summary>
    public ProfileLaw Of(DelaySeries own) => Law(own, own.Samples, LatencyFitting.Best(own.Samples), pooled: false);

    /// <summary>The law of a worker's series, or of all workers' together if it has too few delays.</summary>
    public ProfileLaw Of(DelaySeries own, IEnumerable<DelaySeries> all)
    {
        if (IsEnough(own))
        {
            return Of(own);
        }

        DelaySeries[] series = [.. all];
        LatencySample[] pool = [.. series.SelectMany(s => s.Samples)];
        return Law(own.Count > 0 ? own : series.First(s => s.Count > 0), pool, LatencyFitting.Best(pool), pooled: true);
    }

    /// <summary>The law of rehearsed delays. Of those that were nearly all cut short the longest one says at least something.</summary>
    public ProfileLaw OfWeather(DelaySeries own)
    {
        if (IsEnough(own))
        {
            return Of(own);
        }

        var longest = new ConstantLatency(own.Samples.Max(s => s.Delay));
        return Law(own, own.Samples, new LatencyFit(longest, own.Count, own.Samples.Count(s => s.Cut), 1, 0, double.NaN, 0), pooled: false);
    }

    private static bool IsEnough(DelaySeries series) => series.Samples.Count(s => !s.Cut) >= LatencyFitting.LeastSamples;

    private ProfileLaw Law(DelaySeries kept, IReadOnlyList<LatencySample> fitted, LatencyFit fit, bool pooled) => new(
        fit.Law is TraceLatency ? ProfileLaw.Trace : fit.Law.ToString(),
        fit.Samples,
        fit.Cut,
        pooled,
        Math.Round(fit.Distance, 4),
        Math.Round(fit.PValue, 4),
        Math.Round(Correlation(fitted), 4),
        ProfileTimes.Of(fitted.Select(d => d.Delay.TotalMilliseconds)),
        [.. kept.At(rounds).Select(d => Math.Round(d, 4))],
        double.IsNaN(fit.Aic) ? null : Math.Round(fit.Aic, 1));

    private static double Correlation(IReadOnlyList<LatencySample> delays)
    {
        var mean = delays.Average(d => d.Delay.TotalMilliseconds);
        double square = 0, product = 0;
        for (var i = 0; i < delays.Count; i++)
        {
            var here = delays[i].Delay.TotalMilliseconds - mean;
            square += here * here;
            product += i > 0 ? here * (delays[i - 1].Delay.TotalMilliseconds - mean) : 0;
        }

        return square > 0 ? Math.Clamp(product / square, -1, 1) : 0;
    }
}
