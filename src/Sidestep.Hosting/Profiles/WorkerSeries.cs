namespace Sidestep.Hosting;

/// <summary>Delays of one kind, in the order of rounds.</summary>
internal sealed class DelaySeries
{
    private readonly List<long> _rounds = [];

    public List<LatencySample> Samples { get; } = [];

    public int Count => Samples.Count;

    public void Add(long round, TimeSpan delay, bool cut = false)
    {
        _rounds.Add(round);
        Samples.Add(new LatencySample(delay, cut));
    }

    /// <summary>One delay in milliseconds for each of some rounds, ascending; a round that has none repeats the one before.</summary>
    public IEnumerable<double> At(IEnumerable<long> rounds)
    {
        var next = 0;
        foreach (var round in rounds)
        {
            while (next + 1 < _rounds.Count && _rounds[next + 1] <= round)
            {
                next++;
            }

            yield return Samples[next].Delay.TotalMilliseconds;
        }
    }
}

/// <summary>The delays of one worker.</summary>
internal sealed class WorkerSeries
{
    /// <summary>Per partition.</summary>
    public DelaySeries Compute { get; } = new();

    public DelaySeries Start { get; } = new();

    public DelaySeries Upload { get; } = new();

    public DelaySeries Weather { get; } = new();

    /// <summary>Bytes of the share of each entry of <see cref="Upload"/>.</summary>
    public List<long> ShareBytes { get; } = [];

    /// <summary>Whether any delay was rehearsed.</summary>
    public bool HasWeather { get; set; }

    /// <summary>Computations whose cost the events do not tell.</summary>
    public int Unpriced { get; set; }
}
