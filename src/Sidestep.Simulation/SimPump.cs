namespace Sidestep.Simulation;

/// <summary>One node's turn on the only thread: work comes in by events, and the awaits it releases are continued in order in the same turn.</summary>
internal sealed class SimPump(SimQueue queue) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private bool _running, _planned;

    /// <summary>Called at the end of every turn.</summary>
    public Action? TurnEnded { get; init; }

    /// <summary>Whether the node has its turn.</summary>
    public bool IsRunning => _running;

    /// <summary>Gives the node a turn now.</summary>
    /// <param name="action">What the turn starts with.</param>
    public void Enter(Action action)
    {
        if (_running)
        {
            action();
            return;
        }

        var outer = Current;
        SetSynchronizationContext(this);
        _running = true;
        try
        {
            action();
            while (_ready.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            _running = false;
            SetSynchronizationContext(outer);
        }

        TurnEnded?.Invoke();
    }

    /// <summary>Plans a turn at this time.</summary>
    /// <param name="action">What it starts with.</param>
    public void Plan(Action action) => queue.At(queue.Now, () => Enter(action));

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        _ready.Enqueue((d, state));
        if (!_running && !_planned)
        {
            _planned = true;
            Plan(() => _planned = false);
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => Enter(() => d(state));
}
