namespace Sidestep.Training;

/// <summary>Which rows of a partition a round takes: a pure function of (seed, round, partition), so any worker can recompute any partition's batch of any round.</summary>
public interface IBatchPlan
{
    /// <summary>Number of partitions.</summary>
    int Partitions { get; }

    /// <summary>Rows a round takes from a partition; the same in every round.</summary>
    /// <param name="partition">The partition.</param>
    int Size(int partition);

    /// <summary>Writes the row numbers (inside the partition) of a round's batch.</summary>
    /// <param name="round">The round.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="rows">Exactly <see cref="Size"/> elements; overwritten.</param>
    void Rows(long round, int partition, Span<long> rows);
}
