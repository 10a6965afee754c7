namespace Sidestep.Training.Tests.Mixers;

/// <summary>One node of a <see cref="TestNetwork"/>; a receive with a round drops older messages.</summary>
internal sealed class TestNode(int id, TestNetwork network) : INode
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly List<Message> _held = [];
    private readonly List<(Match Match, TaskCompletionSource<MessageLease?> Waiter)> _waits = [];

    public int Id => id;

    public Epoch Epoch => default;

    public TimeProvider Time => TimeProvider.System;

    public TimeSpan Elapsed => Time.GetElapsedTime(_start);

    public INode Within(ReadOnlyMemory<int> members, ushort channel) => throw new NotSupportedException();

    public Rng Rng(Purpose purpose, long round, long index = 0) => new(1, purpose, id, round, index);

    public PayloadLease Lease(int lengthBytes) => network.Pool.Lease(lengthBytes);

    public async ValueTask SendAsync(Message message, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        network.Send(message with { From = id });
    }

    public ValueTask SendAsync(in Message message, CancellationToken stop = default) => SendAsync(message, stop);

    public async ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        DropOlder(match);
        for (var i = 0; i < _held.Count; i++)
        {
            if (Matches(match, _held[i]))
            {
                var message = _held[i];
                _held.RemoveAt(i);
                return new MessageLease(message);
            }
        }

        var waiter = new TaskCompletionSource<MessageLease?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add((match, waiter));
        using var registration = stop.Register(() =>
        {
            _waits.RemoveAll(w => w.Waiter == waiter);
            waiter.TrySetCanceled(stop);
        });
        return await waiter.Task;
    }

    public ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default)
    {
        work(state, stop);
        return default;
    }

    public void Report(in RunEvent happened)
    {
        // Nobody listens.
    }

    public void Deliver(Message message)
    {
        var at = _waits.FindIndex(w => Matches(w.Match, message));
        if (at < 0)
        {
            _held.Add(message);
            return;
        }

        var waiter = _waits[at].Waiter;
        _waits.RemoveAt(at);
        waiter.SetResult(new MessageLease(message));
    }

    public void Drain()
    {
        _held.ForEach(m => m.Payload?.Dispose());
        _held.Clear();
    }

    private static bool Matches(Match match, in Message message) =>
        (match.Topics & message.Topic) != 0
        && (match.Round < 0 || match.Round == message.Round)
        && (match.From == Match.Anyone || match.From == message.From);

    private void DropOlder(Match match)
    {
        foreach (var message in _held.Where(m => (match.Topics & m.Topic) != 0 && m.Round < match.Round).ToList())
        {
            _held.Remove(message);
            message.Payload?.Dispose();
        }
    }
}
