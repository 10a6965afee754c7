namespace Sidestep;

/// <summary>How long a node's computations are held up: rehearsed weather and emulated compute. One per session, single owner.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="slot">The slot, or <see cref="Slots.Coordinator"/>.</param>
/// <param name="weather">Rehearsed weather.</param>
/// <param name="compute">How long computations take.</param>
public sealed class ComputePace(ulong seed, int slot, Weather weather, ComputeModel compute)
{
    private long _drawn = long.MinValue;

    /// <summary>The delay before a computation: one draw per round, before the round's first computation; zero otherwise.</summary>
    /// <param name="work">The computation.</param>
    public TimeSpan Delay(Work work)
    {
        if (work.Round <= _drawn)
        {
            return TimeSpan.Zero;
        }

        _drawn = work.Round;
        return weather.Slow.TryGetValue(slot, out var latency) ? latency.Draw(seed, slot, work.Round) : TimeSpan.Zero;
    }

    /// <summary>How long a computation takes when compute is emulated.</summary>
    /// <param name="work">The computation.</param>
    /// <param name="measured">Taken for one partition when compute is measured.</param>
    public TimeSpan Duration(Work work, TimeSpan measured = default) =>
        TimeSpan.FromTicks((long)((double)(compute.PerPartition ?? measured).Ticks * work.Cost / Work.PerPartition * (weather.Pace?.Factor(slot, work.Round) ?? 1)));
}
