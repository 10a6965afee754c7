namespace Sidestep;

/// <summary>How far a law is from measured delays.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>The largest difference between the measured and the law's share of delays up to any length.</summary>
    public static double Distance(SortedSamples samples, LatencyModel law)
    {
        double worst = 0, before = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples.Cut[i])
            {
                continue;
            }

            var x = samples.Ticks[i];
            worst = Math.Max(worst, Math.Abs(before - LawShape.Below(law, x)));

            // Equal delays are one jump.
            while (i + 1 < samples.Count && samples.Ticks[i + 1] == x && !samples.Cut[i + 1])
            {
                i++;
            }

            before = samples.Share[i];
            worst = Math.Max(worst, Math.Abs(before - LawShape.UpTo(law, x)));
        }

        return worst;
    }

    /// <summary>Probability of this distance or more between n delays and the law they were drawn from.</summary>
    /// <remarks>Kolmogorov's limit with Stephens' correction for finite n (Stephens, "Use of the Kolmogorov–Smirnov, Cramér–von Mises and related
    /// statistics without extensive tables", JRSS B 1970).</remarks>
    public static double PValue(double distance, int count)
    {
        var root = Math.Sqrt(count);
        var lambda = (root + 0.12 + (0.11 / root)) * distance;
        if (lambda < 0.2)
        {
            return 1;
        }

        double sum = 0;
        for (var k = 1; k <= 100; k++)
        {
            var term = 2 * (k % 2 == 1 ? 1 : -1) * Math.Exp(-2 * k * k * lambda * lambda);
            sum += term;
            if (Math.Abs(term) < 1e-12)
            {
                break;
            }
        }

        return Math.Clamp(sum, 0, 1);
    }
}
