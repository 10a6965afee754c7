namespace Sidestep.Training;

/// <summary>Floor + (Start − Floor)·(1 + cos(π·round/Rounds))/2, then Floor.</summary>
/// <param name="Start">The first rate.</param>
/// <param name="Rounds">Rounds until the floor is reached, at least 1.</param>
/// <param name="Floor">The last rate.</param>
/// <remarks>Source: Loshchilov, Hutter, "SGDR", ICLR 2017, equation 5.</remarks>
public sealed record CosineSchedule(double Start, long Rounds, double Floor = 0) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round)
    {
        if (Rounds < 1)
        {
            return double.NaN;
        }

        return round >= Rounds ? Floor : HalfCosine.Between(Start, Floor, (double)round / Rounds);
    }
}
