namespace Sidestep;

/// <summary>Densities and distribution functions of laws, in ticks.</summary>
internal static class LawShape
{
    /// <summary>Constants are taken for known to this many ticks (1 µs), so that their likelihood can be compared with that of other laws.</summary>
    public const double Resolution = 10;

    private const double Impossible = -1e9;

    /// <summary>Natural logarithm of the density.</summary>
    public static double LogDensity(LatencyModel law, double x) => law switch
    {
        ConstantLatency m => Math.Abs(x - m.Delay.Ticks) <= Resolution ? -Math.Log(2 * Resolution) : Impossible,
        ExponentialLatency m => x < m.Shift.Ticks ? Impossible : -Math.Log(Scale(m)) - ((x - m.Shift.Ticks) / Scale(m)),
        ParetoLatency m => x < m.Scale.Ticks ? Impossible : Math.Log(m.Shape / x) - (m.Shape * Math.Log(x / m.Scale.Ticks)),
        LognormalLatency m => x <= 0 ? Impossible : -Math.Log(x * m.Sigma * Math.Sqrt(2 * Math.PI)) - (0.5 * Square(Normed(m, x))),
        TwoStateLatency m => Mix(m.Probability, LogDensity(m.Usual, x), LogDensity(m.Bad, x)),
        BurstLatency m => Mix(m.BadShare, LogDensity(m.Usual, x), LogDensity(m.Bad, x)),
        _ => throw new NotSupportedException($"{law.GetType().Name} has no density"),
    };

    /// <summary>Natural logarithm of the probability of a longer delay.</summary>
    public static double LogBeyond(LatencyModel law, double x) => Math.Log(Math.Max(1e-300, 1 - UpTo(law, x)));

    /// <summary>Probability of a delay up to and with x.</summary>
    public static double UpTo(LatencyModel law, double x) => law switch
    {
        ConstantLatency m => x >= m.Delay.Ticks - Resolution ? 1 : 0,
        TraceLatency m => m.Delays.Count(d => d.Ticks <= x) / (double)m.Delays.Length,
        _ => Continuous(law, x, UpTo),
    };

    /// <summary>Probability of a delay below x.</summary>
    public static double Below(LatencyModel law, double x) => law switch
    {
        ConstantLatency m => x > m.Delay.Ticks + Resolution ? 1 : 0,
        TraceLatency m => m.Delays.Count(d => d.Ticks < x) / (double)m.Delays.Length,
        _ => Continuous(law, x, Below),
    };

    /// <summary>The mean, in ticks; infinity where there is none.</summary>
    public static double Mean(LatencyModel law) => law switch
    {
        ConstantLatency m => m.Delay.Ticks,
        ExponentialLatency m => m.Shift.Ticks + (double)m.Mean.Ticks,
        ParetoLatency m => m.Shape > 1 ? m.Scale.Ticks * m.Shape / (m.Shape - 1) : double.PositiveInfinity,
        LognormalLatency m => m.Median.Ticks * Math.Exp(0.5 * m.Sigma * m.Sigma),
        TwoStateLatency m => ((1 - m.Probability) * Mean(m.Usual)) + (m.Probability * Mean(m.Bad)),
        BurstLatency m => ((1 - m.BadShare) * Mean(m.Usual)) + (m.BadShare * Mean(m.Bad)),
        TraceLatency m => m.Delays.Average(d => (double)d.Ticks),
        _ => throw new NotSupportedException($"{law.GetType().Name} has no mean"),
    };

    private static double Continuous(LatencyModel law, double x, Func<LatencyModel, double, double> part) => law switch
    {
        ExponentialLatency m => x < m.Shift.Ticks ? 0 : 1 - Math.Exp(-(x - m.Shift.Ticks) / Scale(m)),
        ParetoLatency m => x < m.Scale.Ticks ? 0 : 1 - Math.Exp(-m.Shape * Math.Log(x / m.Scale.Ticks)),
        LognormalLatency m => x <= 0 ? 0 : NormalLaw.UpTo(Normed(m, x)),
        TwoStateLatency m => ((1 - m.Probability) * part(m.Usual, x)) + (m.Probability * part(m.Bad, x)),
        BurstLatency m => ((1 - m.BadShare) * part(m.Usual, x)) + (m.BadShare * part(m.Bad, x)),
        _ => throw new NotSupportedException($"{law.GetType().Name} has no distribution function"),
    };

    // A tail shorter than the resolution is not a tail.
    private static double Scale(ExponentialLatency m) => Math.Max(1, m.Mean.Ticks);

    private static double Normed(LognormalLatency m, double x) => (Math.Log(x) - Math.Log(Math.Max(1, m.Median.Ticks))) / Math.Max(1e-6, m.Sigma);

    private static double Square(double x) => x * x;

    private static double Mix(double share, double usual, double bad)
    {
        var (a, b) = (Math.Log(Math.Max(1e-300, 1 - share)) + usual, Math.Log(Math.Max(1e-300, share)) + bad);
        return Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
    }
}
