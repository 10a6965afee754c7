using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>Delays of consecutive rounds, replayed in stretches of a few rounds that begin anywhere (a block bootstrap: Künsch, "The jackknife and the
/// bootstrap for general stationary observations", Annals of Statistics 1989).</summary>
/// <remarks>All series of one length are replayed together: what happened to several workers in one round happens to them together again.</remarks>
/// <param name="Delays">One delay per round.</param>
/// <param name="Ahead">Rounds this series runs ahead of others.</param>
internal sealed record ReplayedDelays(ImmutableArray<TimeSpan> Delays, int Ahead = 0) : LatencyModel
{
    private const int Stretch = 8;
    private const long Index = 0x20000;

    public override TimeSpan Draw(ref Rng rng) => Delays[rng.Next(Delays.Length)];

    public override TimeSpan Draw(ulong seed, int slot, long round, long index = 0)
    {
        var begin = new Rng(seed, Purpose.Weather, Slots.Coordinator, round / Stretch, Index).Next(Delays.Length);
        return Delays[(int)((begin + (round % Stretch) + Ahead) % Delays.Length)];
    }

    public bool Equals(ReplayedDelays? other) => other is not null && Ahead == other.Ahead && Delays.AsSpan().SequenceEqual(other.Delays.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Delays.Length, Ahead);
}
