using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Sidestep.Simulation;

/// <summary>One simulated run: who lives in which slot, and the loop over events.</summary>
internal sealed class SimRun
{
    // The number of reject code E_LEN.
    private const int WrongLength = 6;
    private const int LastSteps = 1_000_000;
    private static readonly TimeSpan Reboot = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly Traffic _traffic;
    private readonly TraceDigest? _trace;
    private readonly NodeProgram _worker;
    private readonly KillSchedule _kills;
    private readonly SimNode _coordinator;
    private readonly SimNode?[] _slots;
    private readonly List<SimNode> _running = [];
    private Exception? _failure;
    private long _overSince = long.MaxValue;
    private int _underWay;

    public SimRun(FabricOptions options, PayloadPool pool, Traffic traffic, TraceDigest? trace, ISimTiming? timing, NodeProgram worker)
    {
        (Options, Pool, Timing, _traffic, _trace, _worker) = (options, pool, timing, traffic, trace, worker);
        Queue = new SimQueue(options.Seed);
        Time = new VirtualTime(Queue);
        _kills = new KillSchedule(options.Weather, Kill);
        _slots = new SimNode?[options.Workers];
        _coordinator = new SimNode(this, Slots.Coordinator);
    }

    /// <summary>What it runs on.</summary>
    public FabricOptions Options { get; }

    /// <summary>The pool of all nodes.</summary>
    public PayloadPool Pool { get; }

    /// <summary>How long things take, where the simulator's own rules do not say.</summary>
    public ISimTiming? Timing { get; }

    /// <summary>What will happen.</summary>
    public SimQueue Queue { get; }

    /// <summary>The clock of all nodes.</summary>
    public VirtualTime Time { get; }

    /// <summary>Virtual time the run took, once it is over.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The living node of an id, or null.</summary>
    public SimNode? Find(int id) =>
        id == Slots.Coordinator ? _coordinator : (uint)id < (uint)_slots.Length ? _slots[id] : null;

    /// <summary>Runs everything on this thread.</summary>
    public void Run(NodeProgram coordinator, CancellationToken stop)
    {
        Open(_coordinator, coordinator);
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            OpenSlot(slot);
        }

        var stopped = false;
        while (_running.Count > 0)
        {
            if (!stopped && stop.IsCancellationRequested)
            {
                stopped = true;
                StopAll();
            }

            if (!Queue.TryStep() || Queue.Now - Grace.Ticks > _overSince)
            {
                GiveUp();
            }
        }

        Elapsed = TimeSpan.FromTicks(Queue.Now);
        GiveBack();
        if (_failure is OperationCanceledException && stopped)
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
        if (slot != Slots.Coordinator && Find(slot) is { } node)
        {
            Lose(node, killed: true, Options.Respawn);
        }
    }

    /// <summary>Whether a message has a size its topic allows.</summary>
    public bool Admits(in Message message)
    {
        var (least, most) = Options.Limits.For(message.Topic, message.Row);
        var length = message.Payload?.Length ?? 0;
        return length >= least && length <= most;
    }

    /// <summary>Reports a message of a wrong size and ends the worker's session it belongs to.</summary>
    public void Refuse(in Message message, SimNode sender, SimNode peer)
    {
        var lost = sender == _coordinator ? peer : sender;
        var now = TimeSpan.FromTicks(Queue.Now);
        Hear(new RunEvent(lost.Id, message.Round, message.Row, Phase.Rejected, now, now, WrongLength));
        Lose(lost, killed: true, Options.Respawn);
    }

    /// <summary>A message is under way.</summary>
    public void OnSent(in Message message)
    {
        _underWay++;
        if (message.From == Slots.Coordinator)
        {
            _traffic.Count(message);
        }
    }

    /// <summary>A message is under way no longer.</summary>
    public void OnArrived() => _underWay--;

    /// <summary>Counts and traces a message that arrives now.</summary>
    public void OnDelivered(in Message message, bool sent)
    {
        if (sent && message.From != Slots.Coordinator)
        {
            _traffic.Count(message);
        }

        _trace?.Append(Queue.Now, message);
    }

    /// <summary>Traces an event and passes it to the listener and to the rehearsed deaths.</summary>
    public void Hear(in RunEvent happened)
    {
        _trace?.Append(happened);
        Options.Listener?.Invoke(happened);
        _kills.Hear(happened);
    }

    /// <summary>A node had a turn: has its program ended?</summary>
    public void OnTurnEnded(SimNode node)
    {
        if (node.HasEnded || node.Program is not { IsCompleted: true } program)
        {
            return;
        }

        var expected = node.WasKilled || (node.IsStopped && program.IsCanceled && node != _coordinator);
        node.WindDown();
        _running.Remove(node);
        if (!expected && node != _coordinator && Options.Faulted is { } judge && program.Exception?.InnerException is ObjectiveFaultException fault)
        {
            Lose(node, killed: true, judge(node.Id, fault.Message));
            return;
        }

        if (!program.IsCompletedSuccessfully && !expected)
        {
            _failure ??= program.Exception?.InnerException ?? new OperationCanceledException(new CancellationToken(true));
            _coordinator.Stop();
        }

        if (node == _coordinator)
        {
            _overSince = Queue.Now;
            node.End(killed: false);
            StopAll();
        }
        else
        {
            Lose(node, killed: false, null);
        }
    }

    private void OpenSlot(int slot)
    {
        if (!_coordinator.IsAlive)
        {
            return;
        }

        var node = new SimNode(this, slot);
        _slots[slot] = node;
        TellCoordinator(Topic.Joined, slot);
        Open(node, _worker);
    }

    private void Open(SimNode node, NodeProgram program)
    {
        _running.Add(node);
        node.Pump.Plan(() => node.Start(program));
    }

    private void Lose(SimNode node, bool killed, TimeSpan? respawn)
    {
        if (!node.End(killed))
        {
            return;
        }

        if (_slots[node.Id] == node)
        {
            _slots[node.Id] = null;
        }

        foreach (var other in _running)
        {
            other.Forget(node);
        }

        node.Stop();
        TellCoordinator(Topic.Lost, node.Id);
        if (respawn is { } pause)
        {
            Queue.At(Queue.Now + (Reboot + pause).Ticks, () => OpenSlot(node.Id));
        }
    }

    private void StopAll()
    {
        foreach (var node in _running)
        {
            node.Stop();
        }
    }

    // Nothing will happen any more and somebody still waits: that is the proof of a deadlock.
    private void GiveUp()
    {
        var what = _coordinator.HasEnded ? "nodes do not end although they were told to" : "deadlock";
        var names = string.Join("; ", _running.Select(n => n.Waiting()));
        _failure ??= new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"{what} at {TimeSpan.FromTicks(Queue.Now)} of virtual time: {names}"));
        StopAll();
        var steps = 0;
        while (_running.Count > 0 && steps < LastSteps && Queue.TryStep())
        {
            steps++;
        }

        foreach (var node in _running.ToArray())
        {
            node.End(killed: true);
            node.WindDown();
        }

        _running.Clear();
    }

    // Nobody lives any more: what is still under way arrives nowhere.
    private void GiveBack()
    {
        while (_underWay > 0 && Queue.TryStep())
        {
            continue;
        }
    }

    // Travels on the slot's link: after all that is under way from it.
    private void TellCoordinator(Topic topic, int slot)
    {
        var news = new Message { To = Slots.Coordinator, From = slot, Topic = topic, Row = -1 };
        Queue.At(_coordinator.Arrival(news), () => _coordinator.Tell(news));
    }
}
