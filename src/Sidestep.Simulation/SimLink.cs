namespace Sidestep.Simulation;

/// <summary>When messages from one node to another arrive: in order, after a latency.</summary>
/// <remarks>Without a latency model: 100 µs, and a pipe of 1 GB/s that each link has for itself. With one: a draw per message, whatever its size.</remarks>
internal sealed class SimLink(ulong seed, LatencyModel? latency)
{
    private const long BaseTicks = 100 * TimeSpan.TicksPerMicrosecond;
    private const long BytesPerTick = 1_000_000_000 / TimeSpan.TicksPerSecond;
    private long _messages, _free, _last = -1;

    /// <summary>The arrival time of the next message.</summary>
    /// <param name="now">When it is sent.</param>
    /// <param name="message">The message.</param>
    /// <param name="given">How long it is under way, if that is known; null: by the rules above.</param>
    public long Arrival(long now, in Message message, TimeSpan? given)
    {
        long arrival;
        if (message.From == message.To || given is not null)
        {
            arrival = now + (given?.Ticks ?? 0);
        }
        else if (latency is null)
        {
            _free = Math.Max(now, _free) + (Traffic.FrameBytes(message.Payload?.Length ?? 0) / BytesPerTick);
            arrival = _free + BaseTicks;
        }
        else
        {
            // Index 0 is the slot's own weather; links count from 1.
            var rng = new Rng(seed, Purpose.Weather, message.From, _messages++, message.To + 2);
            arrival = now + latency.Draw(ref rng).Ticks;
        }

        return _last = Math.Max(arrival, _last + 1);
    }
}
