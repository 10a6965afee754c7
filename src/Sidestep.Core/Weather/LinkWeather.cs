using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Rehearsed latency of links: how long a message is under way, one way, drawn for each message; a link stays in order. Written
/// <c>10ms</c> or <c>10ms,3:50ms</c>, see <see cref="LinkSyntax"/>.</summary>
/// <remarks>The link of a slot is the one between it and the coordinator, both directions alike; a message between two workers takes the sender's.
/// The simulator takes the latency instead of its own 100 µs (its pipe of 1 GB/s stays), live fabrics hold the message that long on top of what it really took.
/// Only messages are delayed, no events.</remarks>
/// <param name="Every">Latency of every slot that has none of its own; null: none.</param>
/// <param name="Own">Latency of single slots.</param>
public sealed record LinkWeather(LatencyModel? Every, ImmutableSortedDictionary<int, LatencyModel> Own)
{
    /// <summary>No latency.</summary>
    public static LinkWeather None { get; } = new(null, ImmutableSortedDictionary<int, LatencyModel>.Empty);

    /// <summary>Whether no link has a latency.</summary>
    public bool IsNone => Every is null && Own.IsEmpty;

    /// <summary>The latency of messages from one node to another; null: none.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    public LatencyModel? Between(int from, int to) =>
        from == to ? null : Own.GetValueOrDefault(from == Slots.Coordinator ? to : from) ?? Every;
}
