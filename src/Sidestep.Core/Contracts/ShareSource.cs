namespace Sidestep;

/// <summary>What workers compute: rows of a table, so that derivative codes can code inside back-propagation. Immutable.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface IShareSource<T>
    where T : unmanaged
{
    /// <summary>Opens the work of one slot; buffers for the whole run are allocated here.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="table">The code's table.</param>
    /// <param name="layout">What a block is.</param>
    IShareWork<T> Open(int slot, CodeTable<T> table, BlockLayout layout);

    /// <summary>Samples whose gradients one round sums over all partitions; the strategy divides by it.</summary>
    /// <param name="round">The round.</param>
    long Samples(long round);

    /// <summary>Cost of a row's computation, in millionths of one partition gradient.</summary>
    /// <param name="row">The row.</param>
    /// <param name="table">The code's table.</param>
    long Cost(int row, CodeTable<T> table);
}

/// <summary>A slot's computations, round after round; single owner, synchronous, runs on the compute lane.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface IShareWork<T> : ISnapshot
    where T : unmanaged
{
    /// <summary>Starts a round; one forward pass serves all its rows. The slot's rows that are not on request are queued.</summary>
    /// <param name="round">The round.</param>
    /// <param name="model">The parameters; must stay unchanged until the next <see cref="Begin"/>.</param>
    void Begin(long round, ReadOnlyMemory<T> model);

    /// <summary>Queues an on-request row somebody asked for. A row already queued or written this round is ignored.</summary>
    /// <param name="row">The row.</param>
    void Request(int row);

    /// <summary>The row that <see cref="Next"/> would name, if that is known; −1: none, or not known before it is computed.</summary>
    int Upcoming => -1;

    /// <summary>Takes a row back that nobody wants any more; it may be requested anew. A row whose computation was cancelled is taken back by this, too.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Whether it was still queued; a source that cannot take rows back says no and computes it.</returns>
    bool Withdraw(int row) => false;

    /// <summary>Computes until the next row is ready.</summary>
    /// <param name="row">The row that is ready.</param>
    /// <param name="stop">Cancels a computation nobody needs any more.</param>
    /// <returns>False when no row is queued.</returns>
    bool Next(out int row, CancellationToken stop);

    /// <summary>Writes the payload of the row <see cref="Next"/> named.</summary>
    /// <param name="row">The row.</param>
    /// <param name="share">Exactly the row's length; overwritten.</param>
    /// <returns>Its part of the loss: Σ weight × summed loss of the item.</returns>
    double Write(int row, Span<T> share);
}
