namespace Sidestep.Training.Tests.Mixers;

/// <summary>Runs asynchronous code on one thread, in an order that a seed decides; an empty queue with work left is a deadlock.</summary>
internal sealed class QueueContext(ulong seed) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _queue = [];
    private Rng _rng = new(seed, Purpose.Schedule, 0, 0, 0);

    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    public void Run(Func<Task> program)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var running = program();
            while (!running.IsCompleted)
            {
                Assert.True(_queue.Count > 0, "deadlock: everybody waits and nothing is on its way");
                var next = _rng.Next(_queue.Count);
                var (callback, state) = _queue[next];
                _queue.RemoveAt(next);
                callback(state);
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
