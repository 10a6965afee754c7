namespace Sidestep.Simulation;

/// <summary>Things to happen, by virtual time. What happens at the same time is ordered by chance, which the seed decides.</summary>
/// <param name="seed">The run's seed.</param>
internal sealed class SimQueue(ulong seed)
{
    private readonly PriorityQueue<Action, (long Time, uint Tie, long Sequence)> _queue = new();
    private long _sequence;

    /// <summary>Virtual time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Plans something.</summary>
    /// <param name="time">When; not before now.</param>
    /// <param name="action">What.</param>
    public void At(long time, Action action)
    {
        var sequence = _sequence++;
        var tie = new Rng(seed, Purpose.Schedule, Slots.Coordinator, sequence, sequence >> 32).NextUInt32();
        _queue.Enqueue(action, (Math.Max(time, Now), tie, sequence));
    }

    /// <summary>Goes to the next thing and does it.</summary>
    /// <returns>False: nothing is planned.</returns>
    public bool TryStep()
    {
        if (!_queue.TryDequeue(out var action, out var key))
        {
            return false;
        }

        Now = key.Time;
        action();
        return true;
    }
}
