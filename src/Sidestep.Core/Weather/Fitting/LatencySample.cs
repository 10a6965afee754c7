namespace Sidestep;

/// <summary>One measured delay.</summary>
/// <param name="Delay">How long; not negative.</param>
/// <param name="Cut">Whether it was cut short: it would have been longer, nobody knows how much (a censored observation).</param>
public readonly record struct LatencySample(TimeSpan Delay, bool Cut = false);

/// <summary>A law fitted to measured delays, and how well it fits.</summary>
/// <param name="Law">The law.</param>
/// <param name="Samples">Number of delays, those cut short included.</param>
/// <param name="Cut">Number of delays cut short.</param>
/// <param name="Distance">Kolmogorov–Smirnov distance: the largest difference between the shares of delays up to any length, measured
/// (Kaplan–Meier, where delays were cut) and of the law.</param>
/// <param name="PValue">Probability of such a distance or a larger one if the law were true. Too high, since the law was fitted to the same delays.</param>
/// <param name="LogLikelihood">Natural logarithm of the likelihood, delays in units of 100 ns; NaN for a replayed trace, which has none.</param>
/// <param name="Parameters">Number of fitted parameters.</param>
public sealed record LatencyFit(
    LatencyModel Law, int Samples, int Cut, double Distance, double PValue, double LogLikelihood, int Parameters)
{
    /// <summary>Akaike's information criterion, 2 · parameters − 2 · log-likelihood: the least is best.</summary>
    public double Aic => (2 * Parameters) - (2 * LogLikelihood);
}
