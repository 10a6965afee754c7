namespace Sidestep;

/// <summary>A distribution of delays: data, used by the simulator as time and by live fabrics as rehearsed delays. Immutable, printable, comparable.</summary>
/// <remarks>Written <c>100ms</c>, <c>exp(20ms,50ms)</c>, <c>pareto(20ms,1.5)</c>, <c>trace(FILE)</c> in specs and flags; see <see cref="LatencySyntax"/>.</remarks>
public abstract record LatencyModel
{
    /// <summary>Longest delay a model draws: a day. Heavy tails are cut there.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(1);

    /// <summary>Draws one delay; never negative.</summary>
    /// <param name="rng">The stream to draw from.</param>
    public abstract TimeSpan Draw(ref Rng rng);

    /// <summary>The delay of a slot in a round: a pure function of the arguments, whatever else is drawn.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="round">The round.</param>
    /// <param name="index">Tells delays of one slot and round apart; 0 is rehearsed weather.</param>
    public virtual TimeSpan Draw(ulong seed, int slot, long round, long index = 0)
    {
        var rng = new Rng(seed, Purpose.Weather, slot, round, index);
        return Draw(ref rng);
    }

    /// <summary>As in specs and flags.</summary>
    public sealed override string ToString() => LatencySyntax.Format(this);

    /// <summary>A delay of so many ticks, cut at <see cref="Longest"/>.</summary>
    /// <param name="ticks">Ticks of 100 ns; not negative.</param>
    private protected static TimeSpan Cut(double ticks) =>
        ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
}

/// <summary>Always the same delay: <c>100ms</c>.</summary>
/// <param name="Delay">The delay.</param>
public sealed record ConstantLatency(TimeSpan Delay) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Delay;
}
