namespace Sidestep.Training;

/// <summary>Initial × Factor^⌊round / Every⌋.</summary>
/// <param name="Initial">The first rate.</param>
/// <param name="Factor">Multiplies the rate at every step.</param>
/// <param name="Every">Rounds between steps, at least 1.</param>
public sealed record StepSchedule(double Initial, double Factor, long Every) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round)
    {
        if (Every < 1)
        {
            return double.NaN;
        }

        // Squaring by hand: the library's power differs between systems in the last bit.
        var rate = Initial;
        var power = Factor;
        for (var steps = round / Every; steps > 0; steps >>= 1)
        {
            rate *= (steps & 1) == 1 ? power : 1;
            power *= power;
        }

        return rate;
    }
}
