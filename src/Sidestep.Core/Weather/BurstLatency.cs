namespace Sidestep;

/// <summary>Good and bad times that last: <c>bursts(10ms,exp(200ms,1s),0.02,0.2)</c> turns bad with probability 0.02 a round and good again with 0.2.</summary>
/// <remarks>A two-state Markov chain over rounds (Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 1960). Bad times last
/// 1 / <paramref name="Leave"/> rounds in the mean and make up <see cref="BadShare"/> of all rounds. The state of a round is found by looking back to
/// the last round whose own draw decides it, so it is a pure function of (seed, slot, round), whoever asks and in whatever order;
/// that needs Enter + Leave ≤ 1. Cost: 1 / (Enter + Leave) draws in the mean.</remarks>
/// <param name="Usual">The model of good rounds.</param>
/// <param name="Bad">The model of bad rounds.</param>
/// <param name="Enter">Probability that a bad time begins after a good round; above 0.</param>
/// <param name="Leave">Probability that it ends after a bad round; above 0, and at most 1 − Enter.</param>
public sealed record BurstLatency(LatencyModel Usual, LatencyModel Bad, double Enter, double Leave) : LatencyModel
{
    // Streams of the chain lie beside those of the delays.
    private const long ChainIndex = 0x4000_0000;
    private const int Farthest = 1_000_000;

    /// <summary>Share of bad rounds in the long run.</summary>
    public double BadShare => Enter / (Enter + Leave);

    /// <summary>Draws a delay of a round of which nothing else is known.</summary>
    /// <param name="rng">The stream to draw from.</param>
    public override TimeSpan Draw(ref Rng rng) =>
        rng.NextDouble() < BadShare ? Bad.Draw(ref rng) : Usual.Draw(ref rng);

    /// <inheritdoc/>
    public override TimeSpan Draw(ulong seed, int slot, long round, long index = 0)
    {
        var rng = new Rng(seed, Purpose.Weather, slot, round, index);
        return IsBad(seed, slot, round, index) ? Bad.Draw(ref rng) : Usual.Draw(ref rng);
    }

    // A draw below Enter begins a bad time whatever was before, one of the next Leave ends it; others change nothing.
    private bool IsBad(ulong seed, int slot, long round, long index)
    {
        for (var back = 0; back < Farthest; back++)
        {
            var u = new Rng(seed, Purpose.Weather, slot, round - back, index + ChainIndex).NextDouble();
            if (u < Enter + Leave)
            {
                return u < Enter;
            }
        }

        return false;
    }
}
