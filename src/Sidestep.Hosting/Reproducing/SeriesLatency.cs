using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>Times that somebody measured, in their order: the k-th is that of round k, whoever asks.</summary>
/// <param name="Times">The times; at least one. After the last the first comes again.</param>
/// <param name="Steps">Numbers of rounds that one of these times is for.</param>
internal sealed record SeriesLatency(ImmutableArray<TimeSpan> Times, int Steps) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Times[rng.Next(Times.Length)];

    /// <inheritdoc/>
    public override TimeSpan Draw(ulong seed, int slot, long round, long index = 0) => Times[(int)(round / Steps % Times.Length)];
}
