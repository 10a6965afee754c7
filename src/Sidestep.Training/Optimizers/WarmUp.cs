namespace Sidestep.Training;

/// <summary>Scales another schedule up linearly over the first rounds: × (round + 1)/Rounds, then unchanged.</summary>
/// <param name="Inner">The schedule.</param>
/// <param name="Rounds">Rounds of warm-up; 0 for none.</param>
/// <remarks>Source: Goyal et al., "Accurate, Large Minibatch SGD", arXiv 1706.02677, section 2.2 (gradual warm-up).</remarks>
public sealed record WarmUp(Schedule Inner, long Rounds) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round) =>
        round < Rounds ? Inner.Rate(round) * ((round + 1.0) / Rounds) : Inner.Rate(round);
}
