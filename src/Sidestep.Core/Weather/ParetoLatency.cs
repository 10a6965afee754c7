namespace Sidestep;

/// <summary>Pareto's distribution: <c>pareto(20ms,1.5)</c>; P(delay &gt; t) = (Scale / t)^Shape for t ≥ Scale.</summary>
/// <remarks>The mean is Scale · Shape / (Shape − 1) for Shape &gt; 1, and infinite (but for the cut at a day) below.</remarks>
/// <param name="Scale">The least delay.</param>
/// <param name="Shape">The tail's exponent, positive; below 2 the variance is infinite.</param>
public sealed record ParetoLatency(TimeSpan Scale, double Shape) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Cut(Scale.Ticks * Portable.Exp(rng.NextExponential(1 / Shape)));
}
