namespace Sidestep.Testing;

/// <summary>Dies in front of a certain operation: has its session killed, and from then on every await of the program is cancelled.</summary>
/// <remarks>Send, receive and compute count as operations. With every number from 0 upwards a program is killed at each of its awaits.
/// <code>worker = (node, stop) => program(new CrashingNode(node, after: 17, fabric.Kill), stop);</code></remarks>
public sealed class CrashingNode : DecoratedNode
{
    private readonly Fuse _fuse;

    /// <summary>Decorates a node.</summary>
    /// <param name="inner">The node.</param>
    /// <param name="after">Operations that still succeed.</param>
    /// <param name="kill">Kills a slot's session.</param>
    public CrashingNode(INode inner, long after, Action<int> kill)
        : this(inner, new Fuse(after, kill))
    {
    }

    private CrashingNode(INode inner, Fuse fuse)
        : base(inner) => _fuse = fuse;

    /// <inheritdoc/>
    public override ValueTask SendAsync(in Message message, CancellationToken stop = default) =>
        _fuse.Burn(Id) ? Dead() : Inner.SendAsync(message, stop);

    /// <inheritdoc/>
    public override ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default) =>
        _fuse.Burn(Id) ? ValueTask.FromCanceled<MessageLease?>(new CancellationToken(true)) : Inner.ReceiveAsync(match, timeout, stop);

    /// <inheritdoc/>
    public override ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default) =>
        _fuse.Burn(Id) ? Dead() : Inner.ComputeAsync(cost, state, work, stop);

    /// <inheritdoc/>
    protected override INode Around(INode view) => new CrashingNode(view, _fuse);

    private static ValueTask Dead() => ValueTask.FromCanceled(new CancellationToken(true));

    private sealed class Fuse(long after, Action<int> kill)
    {
        private long _done;

        public bool Burn(int id)
        {
            if (_done++ == after)
            {
                kill(id);
            }

            return _done > after;
        }
    }
}
