namespace Sidestep.Training;

/// <summary>Initial · Factor^(round / Every), without steps.</summary>
/// <param name="Initial">The first rate.</param>
/// <param name="Factor">What is left of the rate after <paramref name="Every"/> rounds; above 0.</param>
/// <param name="Every">Rounds, at least 1.</param>
public sealed record ExponentialSchedule(double Initial, double Factor, long Every) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round) =>
        Every < 1 || !(Factor > 0) ? double.NaN : Initial * Portable.Exp(Portable.Log(Factor) * ((double)round / Every));
}
