namespace Sidestep;

/// <summary>Mostly one model, now and then another: <c>either(10ms,exp(200ms,1s),0.05)</c>. Rounds are independent of each other.</summary>
/// <param name="Usual">The model of good rounds.</param>
/// <param name="Bad">The model of bad rounds.</param>
/// <param name="Probability">Share of bad rounds, 0 to 1.</param>
public sealed record TwoStateLatency(LatencyModel Usual, LatencyModel Bad, double Probability) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) =>
        rng.NextDouble() < Probability ? Bad.Draw(ref rng) : Usual.Draw(ref rng);
}
