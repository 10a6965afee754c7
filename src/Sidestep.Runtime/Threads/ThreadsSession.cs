namespace Sidestep.Runtime.Threads;

/// <summary>One life of a node: its transport, its queues to peers, and whether it still lives.</summary>
internal sealed class ThreadsSession : ITransport, IPeer
{
    private readonly ThreadsRun _run;
    private readonly Lock _gate = new();
    private readonly Outbox?[] _outboxes;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _alive = true;

    public ThreadsSession(ThreadsRun run, int id, LiveNodeOptions options, Action<RunEvent>? listener)
    {
        (_run, Id) = (run, id);
        _outboxes = new Outbox?[run.Workers + 1];
        Node = new LiveNode(this, options, listener);
        Node.Released += from => run.Find(from)?.Drain(this);
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public PayloadPool Pool => _run.Pool;

    /// <summary>The node that lives it.</summary>
    public LiveNode Node { get; }

    /// <summary>Ends when the session is dead; the program may still be winding down.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether the session lives.</summary>
    public bool IsAlive => Volatile.Read(ref _alive);

    /// <summary>Whether the session was killed rather than ended by its program or by the end of the run.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Whether it ended because its objective failed.</summary>
    public bool HasFaulted { get; set; }

    /// <summary>After such an end: time until the slot's next session; null: it does not come back.</summary>
    public TimeSpan? ComesBackAfter { get; set; }

    /// <summary>Whether the program has been told to end.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>Runs the node's program to its end.</summary>
    public Task RunAsync(NodeProgram program) => Node.RunAsync(program, _stop.Token);

    /// <inheritdoc/>
    public void Start(IInbox inbox)
    {
        // Peers hand over to the node directly.
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(in Message message, CancellationToken stop)
    {
        if (!IsAlive)
        {
            return default;
        }

        if (!_run.Admits(message))
        {
            _run.Refuse(message, this);
            return default;
        }

        if (_run.Find(message.To) is not { IsAlive: true } peer)
        {
            return default;
        }

        Outbox outbox;
        lock (_gate)
        {
            if (!_alive)
            {
                return default;
            }

            outbox = To(peer);
        }

        return outbox.SendAsync(message, stop);
    }

    /// <inheritdoc/>
    public void Publish(in RunEvent happened)
    {
        if (IsAlive)
        {
            _run.Hear(happened);
        }
    }

    /// <inheritdoc/>
    public bool HasRoom(int from) => !IsAlive || Node.PendingBytes(from) < Outbox.Budget;

    /// <inheritdoc/>
    public void Accept(in Message message)
    {
        if (IsAlive)
        {
            _run.Count(message);
            Node.Deliver(message);
        }
        else
        {
            message.Payload?.Dispose();
        }
    }

    /// <summary>Hands over what waits for a peer that has taken something.</summary>
    public void Drain(ThreadsSession peer)
    {
        Outbox? outbox;
        lock (_gate)
        {
            outbox = _outboxes[peer.Id + 1];
        }

        if (outbox?.Peer == peer)
        {
            outbox.Drain();
        }
    }

    /// <summary>Drops what waits for a dead peer.</summary>
    public void Forget(ThreadsSession peer)
    {
        lock (_gate)
        {
            if (_outboxes[peer.Id + 1] is { } outbox && outbox.Peer == peer)
            {
                outbox.Close();
                _outboxes[peer.Id + 1] = null;
            }
        }
    }

    /// <summary>Ends the session: from now on nothing it sends arrives anywhere.</summary>
    /// <param name="killed">Why.</param>
    /// <returns>False: it was dead.</returns>
    public bool End(bool killed)
    {
        lock (_gate)
        {
            if (!_alive)
            {
                return false;
            }

            (_alive, WasKilled) = (false, killed);
            foreach (var outbox in _outboxes)
            {
                outbox?.Close();
            }
        }

        return true;
    }

    /// <summary>Tells the program, and whoever waits for the death.</summary>
    public void Announce()
    {
        _gone.TrySetResult();
        _stop.Cancel();
    }

    /// <summary>Tells the program to end; the session lives until it does.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        End(killed: false);
        return default;
    }

    private Outbox To(ThreadsSession peer)
    {
        var outbox = _outboxes[peer.Id + 1];
        if (outbox?.Peer != peer)
        {
            outbox?.Close();
            outbox = new Outbox(_gate, peer);
            _outboxes[peer.Id + 1] = outbox;
        }

        return outbox;
    }
}
