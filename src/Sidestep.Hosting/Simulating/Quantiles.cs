namespace Sidestep.Hosting;

/// <summary>Quantiles of samples.</summary>
internal static class Quantiles
{
    /// <summary>The smallest value that at least this share of the samples does not exceed.</summary>
    public static double NearestRank(ReadOnlySpan<double> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
