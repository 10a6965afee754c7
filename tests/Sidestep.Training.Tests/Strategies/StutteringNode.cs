namespace Sidestep.Training.Tests.Strategies;

/// <summary>A node that sends every share twice.</summary>
internal sealed class StutteringNode(INode inner) : INode
{
    public int Id => inner.Id;

    public Epoch Epoch => inner.Epoch;

    public TimeProvider Time => inner.Time;

    public TimeSpan Elapsed => inner.Elapsed;

    public INode Within(ReadOnlyMemory<int> members, ushort channel) => inner.Within(members, channel);

    public Rng Rng(Purpose purpose, long round, long index = 0) => inner.Rng(purpose, round, index);

    public PayloadLease Lease(int lengthBytes) => inner.Lease(lengthBytes);

    public ValueTask SendAsync(in Message message, CancellationToken stop = default) => TwiceAsync(message, stop);

    public ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default) => inner.ReceiveAsync(match, timeout, stop);

    public ValueTask ComputeAsync<TState>(Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default) =>
        inner.ComputeAsync(cost, state, work, stop);

    public void Report(in RunEvent happened) => inner.Report(happened);

    private async ValueTask TwiceAsync(Message message, CancellationToken stop)
    {
        await inner.SendAsync(message, stop);
        if (message.Topic == Topic.Share)
        {
            await inner.SendAsync(message, stop);
        }
    }
}
