namespace Sidestep;

/// <summary>Measured delays, ascending, in ticks, with the share of delays up to each (Kaplan, Meier, "Nonparametric estimation from incomplete observations", JASA 1958).</summary>
internal sealed class SortedSamples
{
    private SortedSamples(double[] ticks, bool[] cut)
    {
        (Ticks, Cut) = (ticks, cut);
        Share = new double[ticks.Length];
        Known = ticks.Length - cut.Count(c => c);
        double left = 1;
        for (var i = 0; i < ticks.Length; i++)
        {
            // Of those that lasted this long, one ended here.
            left *= cut[i] ? 1 : 1 - (1.0 / (ticks.Length - i));
            Share[i] = 1 - left;
        }

        if (Known == ticks.Length && ticks.Length > 0)
        {
            Share[^1] = 1;
        }
    }

    /// <summary>The delays.</summary>
    public double[] Ticks { get; }

    /// <summary>Whether each was cut short.</summary>
    public bool[] Cut { get; }

    /// <summary>The estimated share of delays up to and with each.</summary>
    public double[] Share { get; }

    /// <summary>Number of delays that were not cut short.</summary>
    public int Known { get; }

    public int Count => Ticks.Length;

    /// <summary>The least delay that was not cut short.</summary>
    public double Least
    {
        get
        {
            var first = Array.IndexOf(Cut, false);
            return first < 0 ? double.NaN : Ticks[first];
        }
    }

    public static SortedSamples Of(IEnumerable<LatencySample> samples)
    {
        // Of equal ones those cut short come last: they lasted at least as long.
        LatencySample[] sorted = [.. samples.OrderBy(s => s.Delay).ThenBy(s => s.Cut)];
        return new SortedSamples([.. sorted.Select(s => (double)s.Delay.Ticks)], [.. sorted.Select(s => s.Cut)]);
    }

    /// <summary>The delay below which this share lies; the longest one where more are cut.</summary>
    public double Quantile(double share)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!Cut[i] && Share[i] >= share)
            {
                return Ticks[i];
            }
        }

        return Ticks[^1];
    }
}
