namespace Sidestep.Training;

/// <summary>Start + (Floor − Start)·round/Rounds, then Floor.</summary>
/// <param name="Start">The first rate.</param>
/// <param name="Rounds">Rounds until the floor is reached, at least 1.</param>
/// <param name="Floor">The last rate.</param>
public sealed record LinearSchedule(double Start, long Rounds, double Floor = 0) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round)
    {
        if (Rounds < 1)
        {
            return double.NaN;
        }

        return round >= Rounds ? Floor : Start + ((Floor - Start) * ((double)round / Rounds));
    }
}
