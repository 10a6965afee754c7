using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Rehearsed weather: delays and deaths as data.</summary>
/// <param name="Slow">Extra delay of a slot, drawn once per round before its first computation of the round.</param>
/// <param name="Kills">Slots to kill in the middle of a round (when the coordinator has sent them that round's model).</param>
public sealed record Weather(
    ImmutableSortedDictionary<int, LatencyModel> Slow, ImmutableArray<(int Slot, long Round)> Kills)
{
    /// <summary>Nothing happens.</summary>
    public static Weather None { get; } = new(ImmutableSortedDictionary<int, LatencyModel>.Empty, []);
}

/// <summary>How long computations take: measured, or held for a stated time while the real arithmetic is done.</summary>
/// <param name="PerPartition">Emulated time of one partition gradient (cost <see cref="Work.PerPartition"/>), null: measured.</param>
/// <param name="Network">Emulated latency of a message, used by the simulator only; null: 100 µs and 1 GB/s.</param>
public sealed record ComputeModel(TimeSpan? PerPartition, LatencyModel? Network = null)
{
    /// <summary>Real compute.</summary>
    public static ComputeModel Measured { get; } = new((TimeSpan?)null);
}
