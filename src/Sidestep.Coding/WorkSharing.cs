namespace Sidestep.Coding;

/// <summary>How small partitions are handed to workers while a round runs.</summary>
/// <param name="Depth">Partitions in the hands of a worker that has finished its own: at least 1; 2 hides the round trip.</param>
/// <param name="MaxOverhead">Duplicate computations of a round, as a share of the partitions; infinity: no bound.</param>
/// <param name="Duplicate">Whether idle workers repeat what a slower worker has begun.</param>
internal sealed record WorkSharing(int Depth, double MaxOverhead, bool Duplicate);
