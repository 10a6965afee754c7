namespace Sidestep;

/// <summary>The standard normal distribution.</summary>
internal static class NormalLaw
{
    /// <summary>Probability of a value up to z. Error below 1.2e-7 of the tail (Press et al., Numerical Recipes, Chebyshev fit of erfc).</summary>
    public static double UpTo(double z) => 0.5 * Erfc(-z / Math.Sqrt(2));

    /// <summary>Density over the probability beyond z: the mean of a normal value known to be beyond it.</summary>
    public static double MeanBeyond(double z) =>
        z > 30 ? z : Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) / (0.5 * Erfc(z / Math.Sqrt(2)));

    private static double Erfc(double x)
    {
        var t = 1 / (1 + (0.5 * Math.Abs(x)));
        ReadOnlySpan<double> c = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
        double sum = 0;
        for (var i = c.Length - 1; i >= 0; i--)
        {
            sum = (sum * t) + c[i];
        }

        var tail = t * Math.Exp((-x * x) + sum);
        return x >= 0 ? tail : 2 - tail;
    }
}
