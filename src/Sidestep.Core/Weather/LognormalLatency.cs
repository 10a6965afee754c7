namespace Sidestep;

/// <summary>Lognormal delays: <c>lognormal(20ms,0.5)</c>; the logarithm is normal with standard deviation Sigma around ln Median.</summary>
/// <remarks>The mean is Median · exp(Sigma² / 2).</remarks>
/// <param name="Median">The median.</param>
/// <param name="Sigma">Standard deviation of the logarithm; not negative.</param>
public sealed record LognormalLatency(TimeSpan Median, double Sigma) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Cut(Median.Ticks * Portable.Exp(Sigma * rng.NextGaussian()));
}
