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

        return round >= Rounds ? Floor : Floor + ((Start - Floor) * (1 + CosPi((double)round / Rounds)) / 2);
    }

    /// <summary>cos(πu) for u in [0, 1] as sin(π(½ − u)), by its Taylor series to x²¹: error below 1e-15, and portable.</summary>
    private static double CosPi(double u)
    {
        var x = Math.PI * (0.5 - u);
        var square = x * x;
        var sum = 1.0;
        for (var k = 10; k >= 1; k--)
        {
            sum = 1 - (square * sum / (2 * k * ((2 * k) + 1)));
        }

        return x * sum;
    }
}
