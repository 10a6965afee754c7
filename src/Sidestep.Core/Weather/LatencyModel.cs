namespace Sidestep;

/// <summary>A distribution of delays: data, used by the simulator as time and by live fabrics as rehearsed delays. Immutable, printable, comparable.</summary>
/// <remarks>Written <c>100ms</c>, <c>exp(20ms,50ms)</c>, <c>pareto(20ms,1.5)</c>, <c>trace(FILE)</c> in specs and flags.</remarks>
public abstract record LatencyModel
{
    /// <summary>Draws one delay; never negative.</summary>
    /// <param name="rng">The stream to draw from.</param>
    public abstract TimeSpan Draw(ref Rng rng);
}

/// <summary>Always the same delay.</summary>
/// <param name="Delay">The delay.</param>
public sealed record ConstantLatency(TimeSpan Delay) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Delay;
}
