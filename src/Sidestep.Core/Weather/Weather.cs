using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Rehearsed weather: delays, latencies and deaths as data.</summary>
/// <param name="Slow">Extra delay of a slot, drawn once per round before its first computation of the round.</param>
/// <param name="Kills">Slots to kill in the middle of a round (when the coordinator has sent them that round's model).</param>
public sealed record Weather(
    ImmutableSortedDictionary<int, LatencyModel> Slow, ImmutableArray<(int Slot, long Round)> Kills)
{
    /// <summary>Nothing happens.</summary>
    public static Weather None { get; } = new(ImmutableSortedDictionary<int, LatencyModel>.Empty, []);

    /// <summary>Latency of messages.</summary>
    public LinkWeather Links { get; init; } = LinkWeather.None;

    /// <summary>How much longer emulated computations take; null: as stated.</summary>
    public PaceModel? Pace { get; init; }
}

/// <summary>How long computations take: measured, or held for a stated time while the real arithmetic is done.</summary>
/// <param name="PerPartition">Emulated time of one partition gradient (cost <see cref="Work.PerPartition"/>), null: measured.</param>
public sealed record ComputeModel(TimeSpan? PerPartition)
{
    /// <summary>Real compute.</summary>
    public static ComputeModel Measured { get; } = new((TimeSpan?)null);
}
