using System.Diagnostics;

namespace Sidestep.Runtime;

/// <summary>A node on real time: a pump thread that runs the program and everything behind the node, and a compute lane.</summary>
/// <remarks>Receiving, sending, computing and reporting allocate nothing once warm. A node runs one program, once.
/// <code>var node = new LiveNode(transport, new LiveNodeOptions { Seed = 1 }, listener: null);
/// await node.RunAsync(async (me, stop) => { using var got = await me.ReceiveAsync(new Match(Topic.Model), TimeSpan.FromSeconds(1), stop); }, stop);</code></remarks>
public sealed class LiveNode : INode, IInbox, IChannels, IPumpOwner
{
    private readonly ITransport _transport;
    private readonly LiveNodeOptions _options;
    private readonly Action<RunEvent>? _listener;
    private readonly Pump _pump;
    private readonly LiveNodeLane _lane;
    private readonly Mailbox _mailbox;
    private readonly PendingBytes _pending;
    private readonly DelayLine? _delays;
    private readonly List<LiveNodeJob> _spareJobs = new(4);
    private readonly SendOrPostCallback _sweep, _finish;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    /// <summary>Creates a node; nothing runs yet.</summary>
    /// <param name="transport">Moves its messages; the caller disposes it when the node has ended.</param>
    /// <param name="options">Seed, weather, compute, clock.</param>
    /// <param name="listener">Coordinator: hears every event, one at a time, on the pump. Null (workers): events go to the transport.</param>
    public LiveNode(ITransport transport, LiveNodeOptions options, Action<RunEvent>? listener)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        (_transport, _options, _listener) = (transport, options, listener);
        _pump = new Pump(this);
        _pending = new PendingBytes(from => Released?.Invoke(from));
        _sweep = _ => _mailbox!.Sweep();
        _finish = job => Finish((LiveNodeJob)job!);
        _mailbox = new Mailbox(options.Time, _pending, () => _pump.Post(_sweep, null));
        var pace = new ComputePace(options.Seed, transport.Id, options.Weather, options.Compute);
        _lane = new LiveNodeLane(
            $"sidestep {NodeName.Of(transport.Id)} lane", options.Time, pace, options.Compute.PerPartition is not null,
            job => _pump.Post(_finish, job));
        _delays = options.Weather.Links.IsNone
            ? null
            : new DelayLine($"sidestep {NodeName.Of(transport.Id)} links", options.Time, new LinkPace(options.Seed, transport.Id, options.Weather.Links), Post);
    }

    /// <summary>Raised with a peer after payload bytes of it were taken or dropped, on the pump or on a delivering thread:
    /// a transport that stopped reading from it looks at <see cref="PendingBytes"/> again.</summary>
    public event Action<int>? Released;

    /// <inheritdoc/>
    public int Id => _transport.Id;

    /// <inheritdoc/>
    public Epoch Epoch => default;

    /// <inheritdoc/>
    public TimeProvider Time => _options.Time;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Since(Time.GetTimestamp());

    /// <summary>Starts the transport and runs a program on the node's own thread.</summary>
    /// <param name="program">The program.</param>
    /// <param name="stop">Ends the session: cancels the program's token and whatever it awaits of the node, on the pump.</param>
    /// <returns>Ends as the program ends, when both threads are through: faulted with its exception, or cancelled.
    /// Messages not taken by then are given back.</returns>
    public Task RunAsync(NodeProgram program, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException($"{NodeName.Of(Id)} has run: a node runs one program, once");
        }

        new Thread(() => Run(program, stop)) { IsBackground = true, Name = $"sidestep {NodeName.Of(Id)}" }.Start();
        return _ended.Task;
    }

    /// <inheritdoc/>
    public INode Within(ReadOnlyMemory<int> members, ushort channel) => new GroupNode(this, this, members, channel);

    /// <inheritdoc/>
    public Rng Rng(Purpose purpose, long round, long index = 0) => new(_options.Seed, purpose, Id, round, index);

    /// <inheritdoc/>
    public PayloadLease Lease(int lengthBytes) => _transport.Pool.Lease(lengthBytes);

    /// <inheritdoc/>
    public ValueTask SendAsync(in Message message, CancellationToken stop = default)
    {
        RequirePump();
        if (stop.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(stop);
        }

        if (message.To == Id)
        {
            message.Payload?.Retain();
            Deliver(message with { From = Id });
            return default;
        }

        return _transport.SendAsync(message with { From = Id }, stop);
    }

    /// <inheritdoc/>
    public ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default)
    {
        RequirePump();
        return _mailbox.ReceiveAsync(match, 0, timeout, stop);
    }

    /// <inheritdoc/>
    public ValueTask<MessageLease?> ReceiveAsync(ushort channel, Match match, TimeSpan timeout, CancellationToken stop)
    {
        RequirePump();
        return _mailbox.ReceiveAsync(match, channel, timeout, stop);
    }

    /// <inheritdoc/>
    public ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default)
    {
        RequirePump();
        ArgumentNullException.ThrowIfNull(work);
        var job = LiveNodeJob<TState>.Rent(_spareJobs);
        var task = job.Begin(cost, state, work, stop);
        _lane.Add(job);
        return task;
    }

    /// <inheritdoc/>
    public void Report(in RunEvent happened)
    {
        if (_listener is null)
        {
            _transport.Publish(happened);
            return;
        }

        RequirePump();
        _listener(happened);
    }

    /// <summary>Passes an event of another node to this node's listener, on the pump; from any thread, never blocks.</summary>
    /// <param name="happened">The event.</param>
    public void Hear(in RunEvent happened) => _pump.TryPost(new PumpItem { Kind = PumpKind.Event, Event = happened });

    /// <inheritdoc/>
    public void Deliver(in Message message)
    {
        _pending.Add(message);
        if (_delays is null || !_delays.TryHold(message))
        {
            Post(message);
        }
    }

    /// <inheritdoc/>
    public long PendingBytes(int from) => _pending[from];

    void IPumpOwner.OnMessage(in Message message) => _mailbox.Deliver(message);

    void IPumpOwner.OnEvent(in RunEvent happened) => _listener?.Invoke(happened);

    private void Post(Message message)
    {
        if (!_pump.TryPost(new PumpItem { Kind = PumpKind.Message, Message = message }))
        {
            _pending.Release(message);
            message.Payload?.Dispose();
        }
    }

    private void Run(NodeProgram program, CancellationToken stop)
    {
        _pump.Adopt();
        Exception? failure = null;
        var running = Task.CompletedTask;
        try
        {
            _transport.Start(this);
            using var registration = stop.UnsafeRegister(_ => _pump.Post(_ => Cut(), null), null);
            running = program(this, _ending.Token);
            _ = running.ContinueWith(
                _ => _pump.Post(static _ => { }, null), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _pump.RunUntil(static task => task.IsCompleted, running);
        }
        catch (Exception error)
        {
            failure = error;
        }

        failure = WindDown() ?? failure;
        End(running, failure, stop);
    }

    // The token first, so that whoever catches the cancellation sees it; then also what was awaited without it.
    private void Cut()
    {
        try
        {
            _ending.Cancel();
        }
        finally
        {
            _lane.Close();
            _mailbox.Close();
        }
    }

    // Everything the program left behind is cancelled and comes to its end on the pump.
    private Exception? WindDown()
    {
        Exception? first = null;
        Attempt(Cut, ref first);
        Attempt(_lane.Join, ref first);
        Attempt(() => _delays?.Close(), ref first);
        while (!_pump.HasEnded)
        {
            Attempt(_pump.End, ref first);
        }

        return first;
    }

    private static void Attempt(Action step, ref Exception? first)
    {
        try
        {
            step();
        }
        catch (Exception error)
        {
            first ??= error;
        }
    }

    private void End(Task running, Exception? failure, CancellationToken stop)
    {
        failure = running.Exception?.InnerException ?? failure;
        if ((failure is OperationCanceledException && stop.IsCancellationRequested) || (failure is null && running.IsCanceled))
        {
            _ended.TrySetCanceled(stop.IsCancellationRequested ? stop : new CancellationToken(true));
        }
        else if (failure is not null)
        {
            _ended.TrySetException(failure);
        }
        else
        {
            _ended.TrySetResult();
        }
    }

    private void Finish(LiveNodeJob job)
    {
        var (taken, begun, ended) = job.Stamps;
        var work = job.Work;
        if (begun != taken)
        {
            Report(new RunEvent(Id, work.Round, work.Row, Phase.Weather, Since(taken), Since(begun)));
        }

        if (ended != 0)
        {
            var done = job.Error is null ? work.Cost / (double)Work.PerPartition : 0;
            Report(new RunEvent(Id, work.Round, work.Row, Phase.Compute, Since(begun), Since(ended), done));
        }

        job.Complete();
    }

    private TimeSpan Since(long timestamp) => Time.GetElapsedTime(_options.StartTimestamp, timestamp);

    [Conditional("DEBUG")]
    private void RequirePump()
    {
        if (!_pump.IsCurrent)
        {
            throw new InvalidOperationException(
                $"{NodeName.Of(Id)} was used off its pump: code behind a node awaits only the node's own methods and never ConfigureAwait(false)");
        }
    }
}
