namespace Sidestep;

/// <summary>Draws how long the messages that reach a node are under way. One per session of the receiver, single owner; allocates only when a higher id shows up.</summary>
/// <remarks>The k-th message of a sender has the same latency on every fabric.</remarks>
/// <param name="seed">The run's seed.</param>
/// <param name="id">The receiver.</param>
/// <param name="links">The latencies.</param>
public sealed class LinkPace(ulong seed, int id, LinkWeather links)
{
    private long[] _messages = new long[8];

    /// <summary>The latency of the sender's next message; null: its link has none.</summary>
    /// <param name="from">The sender.</param>
    public TimeSpan? Next(int from)
    {
        if (links.Between(from, id) is not { } latency)
        {
            return null;
        }

        if (from + 1 >= _messages.Length)
        {
            Array.Resize(ref _messages, Math.Max(from + 2, 2 * _messages.Length));
        }

        // Index 0 is the slot's own weather; links count from 1.
        return latency.Draw(seed, from, _messages[from + 1]++, id + 2);
    }
}
