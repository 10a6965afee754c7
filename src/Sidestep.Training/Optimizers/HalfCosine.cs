namespace Sidestep.Training;

/// <summary>The way from one rate to another along half a cosine.</summary>
internal static class HalfCosine
{
    /// <summary>to + (from − to)·(1 + cos(πu))/2.</summary>
    /// <param name="from">The rate at u = 0.</param>
    /// <param name="to">The rate at u = 1.</param>
    /// <param name="u">How much of the way is done, from 0 to 1.</param>
    public static double Between(double from, double to, double u) => to + ((from - to) * (1 + CosPi(u)) / 2);

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
