using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Rehearsed latency and rate of links: how long a message is under way, one way; a link stays in order. Written
/// <c>10ms</c>, <c>10ms@5MB/s</c> or <c>10ms,3:50ms@1MB/s</c>, see <see cref="LinkSyntax"/>.</summary>
/// <remarks>The link of a slot is the one between it and the coordinator, both directions alike; a message between two workers takes the sender's.
/// The simulator takes latency and rate instead of its own 100 µs and 1 GB/s, live fabrics hold the message that long on top of what it really took.
/// Only messages are delayed, no events. Each link has its rate for itself: what the coordinator's own connection carries in total is not bounded.</remarks>
/// <param name="Every">The link of every slot that has none of its own; null: nothing happens to it.</param>
/// <param name="Own">Links of single slots.</param>
public sealed record LinkWeather(LinkModel? Every, ImmutableSortedDictionary<int, LinkModel> Own)
{
    /// <summary>Nothing happens.</summary>
    public static LinkWeather None { get; } = new(null, ImmutableSortedDictionary<int, LinkModel>.Empty);

    /// <summary>Whether nothing happens to any link.</summary>
    public bool IsNone => Every is null && Own.IsEmpty;

    /// <summary>The link of messages from one node to another; null: nothing happens to it.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    public LinkModel? Between(int from, int to) =>
        from == to ? null : Own.GetValueOrDefault(from == Slots.Coordinator ? to : from) ?? Every;
}
