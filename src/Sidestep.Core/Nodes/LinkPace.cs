namespace Sidestep;

/// <summary>Draws when the messages that reach a node arrive. One per session of the receiver, single owner; allocates only when a higher id shows up.</summary>
/// <remarks>The k-th message of a sender has the same latency on every fabric.</remarks>
/// <param name="seed">The run's seed.</param>
/// <param name="id">The receiver.</param>
/// <param name="links">The latencies.</param>
public sealed class LinkPace(ulong seed, int id, LinkWeather links)
{
    private long[] _messages = new long[8];

    /// <summary>What the sender's next message meets on its link: how long its bytes take to go through, and the latency after it, null if the link has none.
    /// Null: nothing happens to it.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="payload">Bytes of its payload.</param>
    public (TimeSpan? Transmission, TimeSpan? Latency)? Next(int from, int payload)
    {
        if (links.Between(from, id) is not { } link)
        {
            return null;
        }

        return (link.Transmission(Traffic.FrameBytes(payload), up: from != Slots.Coordinator), link.Latency is { } latency ? Draw(latency, from) : null);
    }

    private TimeSpan Draw(LatencyModel latency, int from)
    {

        if (from + 1 >= _messages.Length)
        {
            Array.Resize(ref _messages, Math.Max(from + 2, 2 * _messages.Length));
        }

        // Index 0 is the slot's own weather; links count from 1.
        return latency.Draw(seed, from, _messages[from + 1]++, id + 2);
    }
}
