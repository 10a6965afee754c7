namespace Sidestep;

/// <summary>A gradient code: a table, its promise, and decoders for it. Immutable.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface ICode<T>
    where T : unmanaged
{
    /// <summary>The name in the catalog.</summary>
    string Name { get; }

    /// <summary>Who stores and sends what.</summary>
    CodeTable<T> Table { get; }

    /// <summary>What is promised.</summary>
    Guarantee Guarantee { get; }

    /// <summary>When a round may end.</summary>
    Patience Patience { get; }

    /// <summary>Opens a decoder. It owns buffers for the whole run; one round is decoded after another.</summary>
    /// <param name="layout">What a block is.</param>
    /// <param name="shape">The model.</param>
    IDecoder<T> CreateDecoder(BlockLayout layout, ModelShape shape);
}

/// <summary>What a decoder answers to every event.</summary>
/// <param name="Residual">How far a decode would be from exact now (‖T − WᵀC‖_F over blocks, 0: exact).</param>
/// <param name="Wanted">On-request rows, or rows that were withdrawn, to ask for now. Valid until the next call.</param>
/// <param name="Ready">Blocks that became known with this event. Valid until the next call.</param>
/// <param name="Suspects">Slots caught lying. Valid until the next call.</param>
/// <param name="Withdrawn">Rows not wanted of their slots any more: they came from elsewhere (<see cref="IDecoder{T}.Used"/>), or were given to others.
/// Valid until the next call.</param>
public readonly record struct Verdict(
    double Residual, ReadOnlyMemory<int> Wanted, ReadOnlyMemory<int> Ready, ReadOnlyMemory<int> Suspects, ReadOnlyMemory<int> Withdrawn = default);

/// <summary>One aggregation after another; single owner, never waits, keeps no clock.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface IDecoder<T> : ISnapshot
    where T : unmanaged
{
    /// <summary>Starts a round; shares of the last one are released.</summary>
    /// <param name="round">The round.</param>
    /// <param name="prior">Side information for blocks that will not decode (may be empty: zero).</param>
    Verdict Begin(long round, ReadOnlySpan<T> prior);

    /// <summary>Takes a share. Ownership moves to the decoder, nothing is copied. A repeated row is released and ignored.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="share">The payload; an empty share means: this row is over, it will not come.</param>
    Verdict Offer(int row, ShareLease<T> share);

    /// <summary>A slot died or is late: rows that only it would send must come from others, if the table has them.</summary>
    /// <param name="slot">The slot.</param>
    Verdict Lost(int slot);

    /// <summary>A slot is (again) able to answer this round.</summary>
    /// <param name="slot">The slot.</param>
    Verdict Returned(int slot);

    /// <summary>Writes a block that a verdict called ready into the full-length gradient.</summary>
    /// <param name="block">The block.</param>
    /// <param name="target">The full-length vector; only this block's coordinates are written.</param>
    void Emit(int block, Span<T> target);

    /// <summary>Writes the best estimate with what has arrived. Combines in row order, never in arrival order.</summary>
    /// <param name="estimate">The full-length vector; overwritten.</param>
    void Decode(Span<T> estimate);

    /// <summary>The estimate of a scalar that is coded like a block: each share carried Σ weight × the item's value.</summary>
    /// <param name="valueOfRow">One value per row of the table; rows that did not arrive are ignored.</param>
    double Estimate(ReadOnlySpan<double> valueOfRow);

    /// <summary>Whether the row's share (or one with the same bytes) takes part in the present decode with non-zero weight.</summary>
    /// <param name="row">A row of the table.</param>
    bool Used(int row);
}
