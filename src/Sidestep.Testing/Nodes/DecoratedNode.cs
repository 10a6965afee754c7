namespace Sidestep.Testing;

/// <summary>A node around a node; the program does not know. Groups of a decorated node are decorated too.</summary>
/// <param name="inner">The node that does the work.</param>
public abstract class DecoratedNode(INode inner) : INode
{
    /// <inheritdoc/>
    public int Id => Inner.Id;

    /// <inheritdoc/>
    public Epoch Epoch => Inner.Epoch;

    /// <inheritdoc/>
    public TimeProvider Time => Inner.Time;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Inner.Elapsed;

    /// <summary>The node that does the work.</summary>
    protected INode Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public INode Within(ReadOnlyMemory<int> members, ushort channel) => Around(Inner.Within(members, channel));

    /// <inheritdoc/>
    public Rng Rng(Purpose purpose, long round, long index = 0) => Inner.Rng(purpose, round, index);

    /// <inheritdoc/>
    public PayloadLease Lease(int lengthBytes) => Inner.Lease(lengthBytes);

    /// <inheritdoc/>
    public virtual ValueTask SendAsync(in Message message, CancellationToken stop = default) => Inner.SendAsync(message, stop);

    /// <inheritdoc/>
    public virtual ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default) =>
        Inner.ReceiveAsync(match, timeout, stop);

    /// <inheritdoc/>
    public virtual ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default) =>
        Inner.ComputeAsync(cost, state, work, stop);

    /// <inheritdoc/>
    public virtual void Report(in RunEvent happened) => Inner.Report(happened);

    /// <summary>The same decoration around another view of the node, sharing its state.</summary>
    /// <param name="view">The view.</param>
    protected abstract INode Around(INode view);
}
