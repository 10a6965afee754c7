namespace Sidestep.Runtime;

/// <summary>What a work item is.</summary>
internal enum PumpKind : byte
{
    /// <summary>A call-back of an awaiter, or of the node itself.</summary>
    Callback,

    /// <summary>A received message.</summary>
    Message,

    /// <summary>An event of another node.</summary>
    Event,
}

/// <summary>One thing for the pump to do.</summary>
internal struct PumpItem
{
    public PumpKind Kind;
    public SendOrPostCallback? Callback;
    public object? State;
    public Message Message;
    public RunEvent Event;
}

/// <summary>Handles what is not a call-back.</summary>
internal interface IPumpOwner
{
    /// <summary>A message came.</summary>
    void OnMessage(in Message message);

    /// <summary>An event came.</summary>
    void OnEvent(in RunEvent happened);
}

/// <summary>A queue of work that one thread does in order, and the context that brings awaits back to it. Posting allocates nothing once warm.</summary>
internal sealed class Pump(IPumpOwner owner) : SynchronizationContext
{
    private readonly object _gate = new();
    private Queue<PumpItem> _incoming = new(32), _doing = new(32);
    private Thread? _thread;
    private bool _ended;

    /// <summary>Whether the caller is the pump's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Whether it does no further work.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Queues an item, from any thread.</summary>
    /// <returns>False: the pump has ended; the caller still owns what is in the item.</returns>
    public bool TryPost(in PumpItem item)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _incoming.Enqueue(item);
            if (_incoming.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <inheritdoc/>
    /// <remarks>After the end call-backs are dropped: their program is over.</remarks>
    public override void Post(SendOrPostCallback d, object? state) =>
        TryPost(new PumpItem { Kind = PumpKind.Callback, Callback = d, State = state });

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
        {
            throw new NotSupportedException("a node's pump is not blocked for: post to it");
        }

        d(state);
    }

    /// <summary>Makes the calling thread the pump's.</summary>
    public void Adopt()
    {
        _thread = Thread.CurrentThread;
        SetSynchronizationContext(this);
    }

    /// <summary>Works until a call-back made the condition true. An exception of an item comes out; the item is gone.</summary>
    /// <param name="over">Checked after every item.</param>
    /// <param name="state">Its argument.</param>
    public void RunUntil<TState>(Func<TState, bool> over, TState state)
    {
        while (!over(state))
        {
            if (_doing.Count == 0)
            {
                WaitForWork();
            }

            Do(_doing.Dequeue());
        }
    }

    /// <summary>Does what is queued, then refuses further posts.</summary>
    public void End()
    {
        while (true)
        {
            while (_doing.TryDequeue(out var item))
            {
                Do(item);
            }

            lock (_gate)
            {
                if (_incoming.Count == 0)
                {
                    _ended = true;
                    return;
                }

                (_incoming, _doing) = (_doing, _incoming);
            }
        }
    }

    private void WaitForWork()
    {
        lock (_gate)
        {
            while (_incoming.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            (_incoming, _doing) = (_doing, _incoming);
        }
    }

    private void Do(in PumpItem item)
    {
        switch (item.Kind)
        {
            case PumpKind.Message:
                owner.OnMessage(item.Message);
                break;
            case PumpKind.Event:
                owner.OnEvent(item.Event);
                break;
            default:
                item.Callback!(item.State);
                break;
        }
    }
}
