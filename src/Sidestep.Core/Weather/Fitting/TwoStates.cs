namespace Sidestep;

/// <summary>Laws of good and bad times: the states are found by <see cref="HiddenStates"/>, then each gets the best law of one piece.</summary>
internal static class TwoStates
{
    // A state of fewer delays is a handful of outliers, not a state.
    private const int LeastOfState = 5;

    /// <summary>Independent bad rounds, and bad times that last; none where the delays do not split.</summary>
    /// <param name="series">The delays in the order of rounds.</param>
    public static IEnumerable<(LatencyModel Law, int Parameters, double LogLikelihood)> Fit(IReadOnlyList<LatencySample> series)
    {
        if (HiddenStates.Fit(series) is not { } states)
        {
            yield break;
        }

        LatencySample[] bad = [.. series.Where((_, t) => states.Bad[t] > 0.5)], good = [.. series.Where((_, t) => states.Bad[t] <= 0.5)];
        if (Best(good) is not { } usual || Best(bad) is not { } slow)
        {
            yield break;
        }

        var share = bad.Length / (double)series.Count;
        var either = new TwoStateLatency(usual.Law, slow.Law, SimpleLaws.Digits(share));
        yield return (either, usual.Parameters + slow.Parameters + 1, series.Sum(s => Log(either, s)));
        var (enter, leave) = (SimpleLaws.Digits(Math.Max(1e-6, states.Enter)), SimpleLaws.Digits(Math.Max(1e-6, states.Leave)));
        if (enter + leave <= 1)
        {
            var bursts = new BurstLatency(usual.Law, slow.Law, enter, leave);
            yield return (bursts, usual.Parameters + slow.Parameters + 2, LogLikelihood(series, bursts));
        }
    }

    /// <summary>Log-likelihood of a series under a law of bursts (forward recursion).</summary>
    public static double LogLikelihood(IReadOnlyList<LatencySample> series, BurstLatency law)
    {
        double sum = 0;
        var (good, bad) = (1 - law.BadShare, law.BadShare);
        foreach (var sample in series)
        {
            var (logGood, logBad) = (Log(law.Usual, sample), Log(law.Bad, sample));
            var most = Math.Max(logGood, logBad);
            var (g, b) = (good * Math.Exp(logGood - most), bad * Math.Exp(logBad - most));
            var scale = Math.Max(1e-300, g + b);
            sum += Math.Log(scale) + most;
            (g, b) = (g / scale, b / scale);
            (good, bad) = ((g * (1 - law.Enter)) + (b * law.Leave), (g * law.Enter) + (b * (1 - law.Leave)));
        }

        return sum;
    }

    private static (LatencyModel Law, int Parameters)? Best(IReadOnlyCollection<LatencySample> part)
    {
        var samples = SortedSamples.Of(part);
        return samples.Known < LeastOfState
            ? null
            : SimpleLaws.All(samples).MinBy(l => (2 * l.Parameters) - (2 * SimpleLaws.LogLikelihood(samples, l.Law)));
    }

    private static double Log(LatencyModel law, LatencySample sample) =>
        sample.Cut ? LawShape.LogBeyond(law, sample.Delay.Ticks) : LawShape.LogDensity(law, sample.Delay.Ticks);
}
