namespace Sidestep.Cli.Report;

/// <summary>Thins out a line without losing its peaks.</summary>
internal static class Decimation
{
    /// <summary>At most twice as many points as buckets: the first, the smallest, the largest and the last of each, in order; points that are not finite are left out.</summary>
    /// <param name="x">Ascending.</param>
    /// <param name="y">As many.</param>
    /// <param name="buckets">How many stretches of equally many points, at least 1.</param>
    public static List<(double X, double Y)> MinMax(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int buckets)
    {
        var finite = new List<(double X, double Y)>(x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsFinite(x[i]) && double.IsFinite(y[i]))
            {
                finite.Add((x[i], y[i]));
            }
        }

        if (finite.Count <= 2 * buckets)
        {
            return finite;
        }

        var kept = new List<(double X, double Y)>((2 * buckets) + 2) { finite[0] };
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var (from, to) = ((int)((long)finite.Count * bucket / buckets), (int)((long)finite.Count * (bucket + 1) / buckets));
            int least = from, most = from;
            for (var i = from + 1; i < to; i++)
            {
                least = finite[i].Y < finite[least].Y ? i : least;
                most = finite[i].Y > finite[most].Y ? i : most;
            }

            kept.Add(finite[Math.Min(least, most)]);
            if (least != most)
            {
                kept.Add(finite[Math.Max(least, most)]);
            }
        }

        kept.Add(finite[^1]);
        return kept;
    }
}
