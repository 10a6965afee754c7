using System.Globalization;

namespace Sidestep;

/// <summary>Maximum likelihood for the laws of one piece, with delays that were cut short.</summary>
internal static class SimpleLaws
{
    /// <summary>Number of parameters of every law here but the constant one.</summary>
    public const int Parameters = 2;

    /// <summary>The constant, if all delays agree to 1 µs and none was cut short.</summary>
    public static ConstantLatency? Constant(SortedSamples samples) =>
        samples.Known == samples.Count && samples.Ticks[^1] - samples.Ticks[0] <= LawShape.Resolution
            ? new ConstantLatency(Span(samples.Ticks.Average()))
            : null;

    /// <summary>Shift: the least delay; mean: what lies above it, by the number of delays that were not cut short.</summary>
    public static ExponentialLatency Exponential(SortedSamples samples)
    {
        var least = samples.Least;
        var above = samples.Ticks.Sum(x => Math.Max(0, x - least));
        return new ExponentialLatency(Span(least), Span(Math.Max(1, above / samples.Known)));
    }

    /// <summary>Scale: the least delay; shape: one over the mean logarithm above it (Hill's estimator over all delays). Null: a delay is zero, or the shape is out of range.</summary>
    public static ParetoLatency? Pareto(SortedSamples samples)
    {
        var least = samples.Least;
        if (least < 1)
        {
            return null;
        }

        var above = samples.Ticks.Sum(x => Math.Max(0, Math.Log(x / least)));
        var shape = samples.Known / above;
        return shape is >= 0.1 and <= 1000 ? new ParetoLatency(Span(least), Digits(shape)) : null;
    }

    /// <summary>Mean and deviation of the logarithm; delays cut short by expectation–maximisation (Tobin, "Estimation of relationships for limited
    /// dependent variables", Econometrica 1958). Null: a delay is zero.</summary>
    public static LognormalLatency? Lognormal(SortedSamples samples)
    {
        if (samples.Ticks[0] < 1)
        {
            return null;
        }

        double[] logs = [.. samples.Ticks.Select(x => Math.Log(x))];
        var (mean, deviation) = Moments(logs, []);
        for (var pass = 0; pass < 200 && samples.Known < samples.Count; pass++)
        {
            var (m, s) = (mean, Math.Max(1e-6, deviation));
            var filled = new double[logs.Length];
            var spread = new double[logs.Length];
            for (var i = 0; i < logs.Length; i++)
            {
                var z = (logs[i] - m) / s;
                var beyond = samples.Cut[i] ? NormalLaw.MeanBeyond(z) : 0;
                filled[i] = samples.Cut[i] ? m + (s * beyond) : logs[i];
                spread[i] = samples.Cut[i] ? s * s * Math.Max(0, 1 - (beyond * (beyond - z))) : 0;
            }

            (mean, deviation) = Moments(filled, spread);
            if (Math.Abs(mean - m) + Math.Abs(deviation - s) < 1e-9)
            {
                break;
            }
        }

        return new LognormalLatency(Span(Math.Exp(mean)), Digits(Math.Max(1e-6, deviation)));
    }

    /// <summary>Log-likelihood of the samples.</summary>
    public static double LogLikelihood(SortedSamples samples, LatencyModel law)
    {
        double sum = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            sum += samples.Cut[i] ? LawShape.LogBeyond(law, samples.Ticks[i]) : LawShape.LogDensity(law, samples.Ticks[i]);
        }

        return sum;
    }

    /// <summary>All laws that apply, with their numbers of parameters; the constant alone where it applies.</summary>
    public static IEnumerable<(LatencyModel Law, int Parameters)> All(SortedSamples samples)
    {
        if (Constant(samples) is { } constant)
        {
            return [(constant, 1)];
        }

        LatencyModel?[] laws = samples.Known > 0 ? [Exponential(samples), Pareto(samples), Lognormal(samples)] : [];
        return laws.OfType<LatencyModel>().Select(law => (law, Parameters));
    }

    /// <summary>Four digits: more say nothing.</summary>
    public static double Digits(double number) => double.Parse(number.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // The least delay of a law is rounded down, so that no delay is impossible.
    private static TimeSpan Span(double ticks) => TimeSpan.FromTicks((long)ticks);

    // The spread is what filled-in values vary on top.
    private static (double Mean, double Deviation) Moments(double[] values, ReadOnlySpan<double> spread)
    {
        var mean = values.Average();
        var squares = values.Sum(v => (v - mean) * (v - mean));
        foreach (var part in spread)
        {
            squares += part;
        }

        return (mean, Math.Sqrt(squares / values.Length));
    }
}
