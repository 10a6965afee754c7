namespace Sidestep;

/// <summary>A node seen from inside a group: sends carry the group's channel and go to members only, receives see the channel only.</summary>
public sealed class GroupNode : INode
{
    private readonly INode _node;
    private readonly IChannels _channels;
    private readonly ReadOnlyMemory<int> _members;
    private readonly ushort _channel;

    /// <summary>Restricts a node.</summary>
    /// <param name="node">The whole node.</param>
    /// <param name="channels">The same node's channels.</param>
    /// <param name="members">The group.</param>
    /// <param name="channel">A number other than 0.</param>
    public GroupNode(INode node, IChannels channels, ReadOnlyMemory<int> members, ushort channel)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentOutOfRangeException.ThrowIfZero(channel);
        (_node, _channels, _members, _channel) = (node, channels, members, channel);
    }

    /// <inheritdoc/>
    public int Id => _node.Id;

    /// <inheritdoc/>
    public Epoch Epoch => _node.Epoch;

    /// <inheritdoc/>
    public TimeProvider Time => _node.Time;

    /// <inheritdoc/>
    public TimeSpan Elapsed => _node.Elapsed;

    /// <inheritdoc/>
    public INode Within(ReadOnlyMemory<int> members, ushort channel)
    {
        foreach (var member in members.Span)
        {
            RequireMember(member);
        }

        return new GroupNode(_node, _channels, members, channel);
    }

    /// <inheritdoc/>
    public Rng Rng(Purpose purpose, long round, long index = 0) => _node.Rng(purpose, round, index);

    /// <inheritdoc/>
    public PayloadLease Lease(int lengthBytes) => _node.Lease(lengthBytes);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The receiver is not a member.</exception>
    public ValueTask SendAsync(in Message message, CancellationToken stop = default)
    {
        RequireMember(message.To);
        return _node.SendAsync(message with { Channel = _channel }, stop);
    }

    /// <inheritdoc/>
    public ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default) =>
        _channels.ReceiveAsync(_channel, match, timeout, stop);

    /// <inheritdoc/>
    public ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default) =>
        _node.ComputeAsync(cost, state, work, stop);

    /// <inheritdoc/>
    public void Report(in RunEvent happened) => _node.Report(happened);

    private void RequireMember(int id)
    {
        if (_members.Span.IndexOf(id) < 0)
        {
            throw new ArgumentException($"{NodeName.Of(id)} is not a member of the group on channel {_channel}", nameof(id));
        }
    }
}
