namespace Sidestep.Simulation;

/// <summary>One life of a simulated node.</summary>
internal sealed class SimNode : INode, IChannels, IPeer
{
    private readonly SimRun _run;
    private readonly Lock _gate = new();
    private readonly Outbox?[] _outboxes;
    private readonly SimLink[] _links;
    private readonly LinkPace _linkPace;
    private readonly SimLane _lane;
    private readonly Mailbox _mailbox;
    private readonly PendingBytes _pending;
    private readonly CancellationTokenSource _stop = new();

    public SimNode(SimRun run, int id)
    {
        (_run, Id) = (run, id);
        var options = run.Options;
        _outboxes = new Outbox?[options.Workers + 1];
        _links = [.. Enumerable.Range(0, options.Workers + 1).Select(_ => new SimLink())];
        _linkPace = new LinkPace(options.Seed, id, options.Weather.Links);
        Pump = new SimPump(run.Queue) { TurnEnded = () => run.OnTurnEnded(this) };
        _pending = new PendingBytes(from => run.Find(from)?.Drain(this));
        _mailbox = new Mailbox(run.Time, _pending, () => Pump.Plan(_mailbox!.Sweep));
        _lane = new SimLane(
            run.Queue, Pump, new ComputePace(options.Seed, id, options.Weather, options.Compute), work => run.Timing?.Duration(id, work),
            (work, phase, start, end, value) => Report(new RunEvent(
                Id, work.Round, work.Row, phase, TimeSpan.FromTicks(start), TimeSpan.FromTicks(end), value)));
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public Epoch Epoch => default;

    /// <inheritdoc/>
    public TimeProvider Time => _run.Time;

    /// <inheritdoc/>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_run.Queue.Now);

    /// <summary>Its turns.</summary>
    public SimPump Pump { get; }

    /// <summary>Its program, once started.</summary>
    public Task? Program { get; private set; }

    /// <summary>Whether it can send and receive.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it was killed: what it has under way vanishes.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Whether its program was told to end.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>Whether its program has ended and everything was given back.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Starts the program.</summary>
    public void Start(NodeProgram program)
    {
        try
        {
            Program = program(this, _stop.Token);
        }
        catch (Exception error)
        {
            Program = Task.FromException(error);
        }
    }

    /// <summary>Tells the program to end.</summary>
    public void Stop() => Pump.Plan(Cut);

    /// <summary>Cancels what the program left behind.</summary>
    public void WindDown()
    {
        HasEnded = true;
        Pump.Enter(Cut);
    }

    /// <summary>From now on nothing is sent or received.</summary>
    public bool End(bool killed)
    {
        if (!IsAlive)
        {
            return false;
        }

        (IsAlive, WasKilled) = (false, killed);
        foreach (var outbox in _outboxes)
        {
            outbox?.Close();
        }

        return true;
    }

    /// <summary>Drops what waits for a dead peer.</summary>
    public void Forget(SimNode peer)
    {
        if (_outboxes[peer.Id + 1] is { } outbox && outbox.Peer == peer)
        {
            outbox.Close();
            _outboxes[peer.Id + 1] = null;
        }
    }

    /// <summary>What the program waits for, for people.</summary>
    public string Waiting() =>
        $"{NodeName.Of(Id)} waits for {(_mailbox.Waiting() is { Length: > 0 } topics ? topics : "something its node does not know")}";

    /// <inheritdoc/>
    public INode Within(ReadOnlyMemory<int> members, ushort channel) => new GroupNode(this, this, members, channel);

    /// <inheritdoc/>
    public Rng Rng(Purpose purpose, long round, long index = 0) => new(_run.Options.Seed, purpose, Id, round, index);

    /// <inheritdoc/>
    public PayloadLease Lease(int lengthBytes) => _run.Pool.Lease(lengthBytes);

    /// <inheritdoc/>
    public ValueTask SendAsync(in Message message, CancellationToken stop = default)
    {
        RequireTurn();
        if (stop.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(stop);
        }

        var sent = message with { From = Id };
        if (!IsAlive || _run.Find(sent.To) is not { IsAlive: true } peer)
        {
            return default;
        }

        if (!_run.Admits(sent))
        {
            _run.Refuse(sent, this, peer);
            return default;
        }

        if (_outboxes[peer.Id + 1] is not { } outbox || outbox.Peer != peer)
        {
            outbox = _outboxes[peer.Id + 1] = new Outbox(_gate, peer);
        }

        return outbox.SendAsync(sent, stop);
    }

    /// <inheritdoc/>
    public ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default) =>
        ReceiveAsync(0, match, timeout, stop);

    /// <inheritdoc/>
    public ValueTask<MessageLease?> ReceiveAsync(ushort channel, Match match, TimeSpan timeout, CancellationToken stop)
    {
        RequireTurn();
        return _mailbox.ReceiveAsync(match, channel, timeout, stop);
    }

    /// <inheritdoc/>
    public ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default)
    {
        RequireTurn();
        ArgumentNullException.ThrowIfNull(work);
        return new ValueTask(_lane.Add(cost, state, work, stop));
    }

    /// <inheritdoc/>
    public void Report(in RunEvent happened)
    {
        if (IsAlive)
        {
            _run.Hear(happened);
        }
    }

    /// <inheritdoc/>
    public bool HasRoom(int from) => _pending[from] < Outbox.Budget;

    /// <inheritdoc/>
    public void Accept(in Message message)
    {
        _pending.Add(message);
        var (sender, copy) = (_run.Find(message.From), message);
        _run.OnSent(message);
        _run.Queue.At(Arrival(message), () =>
        {
            _run.OnArrived();
            Arrive(sender, copy);
        });
    }

    /// <summary>When a message to this node arrives.</summary>
    public long Arrival(in Message message)
    {
        var link = _linkPace.Next(message.From, message.Payload?.Length ?? 0);
        return _links[message.From + 1].Arrival(_run.Queue.Now, message, _run.Timing?.Latency(message), link?.Transmission, link?.Latency);
    }

    /// <summary>The fabric itself tells the node something, now.</summary>
    public void Tell(in Message message) => Arrive(null, message);

    private void Arrive(SimNode? sender, Message message)
    {
        if (!IsAlive || sender is { WasKilled: true })
        {
            _pending.Release(message);
            message.Payload?.Dispose();
            return;
        }

        _run.OnDelivered(message, sent: sender is not null);
        Pump.Enter(() => _mailbox.Deliver(message));
    }

    // The token first, so that whoever catches the cancellation sees it; then also what was awaited without it.
    private void Cut()
    {
        try
        {
            _stop.Cancel();
        }
        finally
        {
            _mailbox.Close();
            _lane.Close();
        }
    }

    private void Drain(SimNode peer)
    {
        if (_outboxes[peer.Id + 1] is { } outbox && outbox.Peer == peer)
        {
            outbox.Drain();
        }
    }

    private void RequireTurn()
    {
        if (!Pump.IsRunning)
        {
            throw new InvalidOperationException(
                $"{NodeName.Of(Id)} was used outside its turn: code behind a node awaits only the node's own methods and never ConfigureAwait(false)");
        }
    }
}
