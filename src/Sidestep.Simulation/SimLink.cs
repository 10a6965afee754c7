namespace Sidestep.Simulation;

/// <summary>When messages from one node to another arrive: in order, through a pipe that each link has for itself (1 GB/s if nothing else is said), and after a latency.</summary>
internal sealed class SimLink
{
    private const long UsualTicks = 100 * TimeSpan.TicksPerMicrosecond;
    private const long BytesPerTick = 1_000_000_000 / TimeSpan.TicksPerSecond;
    private long _free, _last = -1;

    /// <summary>The arrival time of the next message.</summary>
    /// <param name="now">When it is sent.</param>
    /// <param name="message">The message.</param>
    /// <param name="given">How long it is under way whatever its size, if that is known; rehearsed weather comes on top. Null: by the link.</param>
    /// <param name="transmission">Rehearsed time its bytes take to go through; null: none.</param>
    /// <param name="latency">Rehearsed latency of the link; null: none, which means 100 µs if nothing else is given.</param>
    public long Arrival(long now, in Message message, TimeSpan? given, TimeSpan? transmission, TimeSpan? latency)
    {
        var arrival = now;
        if (given is { } known)
        {
            _free = Math.Max(now, _free) + (transmission?.Ticks ?? 0);
            arrival = (transmission is null ? now : _free) + known.Ticks + (latency?.Ticks ?? 0);
        }
        else if (message.From != message.To)
        {
            _free = Math.Max(now, _free) + (transmission?.Ticks ?? (Traffic.FrameBytes(message.Payload?.Length ?? 0) / BytesPerTick));
            arrival = _free + (latency?.Ticks ?? UsualTicks);
        }

        return _last = Math.Max(arrival, _last + 1);
    }
}
