namespace Sidestep;

/// <summary>What a link does to its messages: a latency drawn for each, and the rates at which bytes go through, one message after the other.</summary>
/// <remarks>A message of b bytes (payload and frame) waits until those before it, in its direction, are through; then it takes b / rate, and the latency on top.</remarks>
/// <param name="Latency">One-way latency; null: none.</param>
/// <param name="Down">Bytes per second from the coordinator to the slot; null: unbounded.</param>
/// <param name="Up">Bytes per second from the slot to the coordinator or another slot; null: unbounded.</param>
public sealed record LinkModel(LatencyModel? Latency, long? Down = null, long? Up = null)
{
    /// <summary>A link with nothing but a latency.</summary>
    /// <param name="latency">The latency.</param>
    public static implicit operator LinkModel(LatencyModel latency) => FromLatencyModel(latency);

    /// <summary>A link with nothing but a latency.</summary>
    /// <param name="latency">The latency.</param>
    public static LinkModel FromLatencyModel(LatencyModel latency) => new(latency);

    /// <summary>How long the bytes of a message take to go through; null: its direction has no rate.</summary>
    /// <param name="bytes">Bytes on the wire.</param>
    /// <param name="up">Whether a slot sends it.</param>
    public TimeSpan? Transmission(long bytes, bool up) =>
        (up ? Up : Down) is { } rate ? TimeSpan.FromTicks((long)(bytes * (double)TimeSpan.TicksPerSecond / rate)) : null;
}
