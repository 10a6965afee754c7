using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>Times that somebody measured, in their order: the k-th is that of round k, whoever asks.</summary>
/// <param name="Times">The times; at least one. After the last the first comes again.</param>
internal sealed record SeriesLatency(ImmutableArray<TimeSpan> Times) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Times[rng.Next(Times.Length)];

    /// <inheritdoc/>
    public override TimeSpan Draw(ulong seed, int slot, long round, long index = 0) => Times[(int)(round % Times.Length)];
}
