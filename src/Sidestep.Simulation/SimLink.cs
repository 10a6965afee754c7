namespace Sidestep.Simulation;

/// <summary>When messages from one node to another arrive: in order, through a pipe of 1 GB/s that each link has for itself, and after a latency.</summary>
internal sealed class SimLink
{
    private const long UsualTicks = 100 * TimeSpan.TicksPerMicrosecond;
    private const long BytesPerTick = 1_000_000_000 / TimeSpan.TicksPerSecond;
    private long _free, _last = -1;

    /// <summary>The arrival time of the next message.</summary>
    /// <param name="now">When it is sent.</param>
    /// <param name="message">The message.</param>
    /// <param name="latency">How long it is under way; null: 100 µs.</param>
    public long Arrival(long now, in Message message, TimeSpan? latency)
    {
        var arrival = now;
        if (message.From != message.To)
        {
            _free = Math.Max(now, _free) + (Traffic.FrameBytes(message.Payload?.Length ?? 0) / BytesPerTick);
            arrival = _free + (latency?.Ticks ?? UsualTicks);
        }

        return _last = Math.Max(arrival, _last + 1);
    }
}
