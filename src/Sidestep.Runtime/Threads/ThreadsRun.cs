using System.Runtime.ExceptionServices;

namespace Sidestep.Runtime.Threads;

/// <summary>One run: who lives in which slot, and what happens when somebody dies.</summary>
internal sealed class ThreadsRun
{
    // The number of reject code E_LEN.
    private const int WrongLength = 6;

    private readonly FabricOptions _options;
    private readonly Traffic _traffic;
    private readonly NodeProgram _worker;
    private readonly LiveNodeOptions _nodeOptions;
    private readonly ThreadsSession _coordinator;
    private readonly ThreadsSession?[] _slots;
    private readonly CancellationTokenSource _over = new();
    private Exception? _failure;

    public ThreadsRun(FabricOptions options, PayloadPool pool, Traffic traffic, NodeProgram worker)
    {
        (_options, Pool, _traffic, _worker) = (options, pool, traffic, worker);
        _slots = new ThreadsSession?[options.Workers];
        _nodeOptions = new LiveNodeOptions
        {
            Seed = options.Seed,
            Weather = options.Weather,
            Compute = options.Compute,
            StartTimestamp = TimeProvider.System.GetTimestamp(),
        };
        var kills = new KillSchedule(options.Weather, Kill);
        var listener = options.Listener;
        _coordinator = new ThreadsSession(this, Slots.Coordinator, _nodeOptions, happened =>
        {
            listener?.Invoke(happened);
            kills.Hear(happened);
        });
    }

    /// <summary>Number of slots.</summary>
    public int Workers => _slots.Length;

    /// <summary>The pool all nodes lease from.</summary>
    public PayloadPool Pool { get; }

    /// <summary>The session of a node, or null.</summary>
    public ThreadsSession? Find(int id) =>
        id == Slots.Coordinator ? _coordinator : (uint)id < (uint)_slots.Length ? Volatile.Read(ref _slots[id]) : null;

    /// <summary>Runs the coordinator and keeps the slots filled until it ends.</summary>
    public async Task RunAsync(NodeProgram coordinator, CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static run => ((ThreadsRun)run!).StopAll(), this);
        var main = _coordinator.RunAsync(coordinator);
        var slots = Enumerable.Range(0, Workers).Select(KeepAsync).ToArray();
        try
        {
            await main.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
        }

        _over.Cancel();
        StopAll();
        await Task.WhenAll(slots).ConfigureAwait(false);
        _coordinator.End(killed: false);
        if (_failure is OperationCanceledException && stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Kills a slot's session.</summary>
    public void Kill(int slot)
    {
        if (slot != Slots.Coordinator && Find(slot) is { } session)
        {
            Lose(session, killed: true);
        }
    }

    /// <summary>Whether a message has a size its topic allows.</summary>
    public bool Admits(in Message message)
    {
        var (least, most) = _options.Limits.For(message.Topic, message.Row);
        var length = message.Payload?.Length ?? 0;
        return length >= least && length <= most;
    }

    /// <summary>Reports a message of a wrong size and ends the worker's session it belongs to.</summary>
    public void Refuse(in Message message, ThreadsSession sender)
    {
        var lost = sender.Id == Slots.Coordinator ? Find(message.To) : sender;
        if (lost is null || lost.Id == Slots.Coordinator)
        {
            return;
        }

        var now = TimeProvider.System.GetElapsedTime(_nodeOptions.StartTimestamp);
        Hear(new RunEvent(lost.Id, message.Round, message.Row, Phase.Rejected, now, now, WrongLength));
        Lose(lost, killed: true);
    }

    /// <summary>Counts a message's bytes.</summary>
    public void Count(in Message message) => _traffic.Count(message);

    /// <summary>Passes an event to the listener.</summary>
    public void Hear(in RunEvent happened) => _coordinator.Node.Hear(happened);

    private async Task KeepAsync(int slot)
    {
        var programs = new List<Task>();
        while (!_over.IsCancellationRequested)
        {
            var session = new ThreadsSession(this, slot, _nodeOptions, null);
            Volatile.Write(ref _slots[slot], session);
            Tell(Topic.Joined, slot);
            programs.Add(LiveAsync(session));
            if (_over.IsCancellationRequested)
            {
                session.Stop();
            }

            await session.Gone.ConfigureAwait(false);
            if (!session.WasKilled || (session.HasFaulted ? session.ComesBackAfter : _options.Respawn) is not { } pause)
            {
                break;
            }

            await Task.Delay(pause, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(programs).ConfigureAwait(false);
    }

    private async Task LiveAsync(ThreadsSession session)
    {
        try
        {
            await session.RunAsync(_worker).ConfigureAwait(false);
        }
        catch (Exception error) when (session.WasKilled || (session.IsStopped && error is OperationCanceledException))
        {
            // A killed program's last words do not count.
        }
        catch (ObjectiveFaultException error) when (_options.Faulted is not null)
        {
            // As if its process had died; what follows is judged by whoever runs the run.
            (session.HasFaulted, session.ComesBackAfter) = (true, _options.Faulted(session.Id, error.Message));
            Lose(session, killed: true);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
            _coordinator.Stop();
        }

        Lose(session, killed: false);
    }

    private void Lose(ThreadsSession session, bool killed)
    {
        if (!session.End(killed))
        {
            return;
        }

        Interlocked.CompareExchange(ref _slots[session.Id], null, session);
        _coordinator.Forget(session);
        foreach (var other in _slots)
        {
            other?.Forget(session);
        }

        Tell(Topic.Lost, session.Id);
        session.Announce();
    }

    private void Tell(Topic topic, int slot) =>
        _coordinator.Node.Deliver(new Message { To = Slots.Coordinator, From = slot, Topic = topic, Row = -1 });

    private void StopAll()
    {
        _coordinator.Stop();
        foreach (var session in _slots)
        {
            session?.Stop();
        }
    }
}
