namespace Sidestep;

/// <summary>Carries out the deaths of rehearsed weather: a slot is killed when it has been sent the model of its round.</summary>
/// <remarks>Feed it every event, one at a time: <code>var schedule = new KillSchedule(weather, slot => Os.Kill(processes[slot]));
/// options = options with { Listener = schedule.Hear };</code></remarks>
public sealed class KillSchedule
{
    private readonly HashSet<(int Slot, long Round)> _due;
    private readonly Action<int> _kill;

    /// <summary>Plans the deaths.</summary>
    /// <param name="weather">Names them.</param>
    /// <param name="kill">Kills a slot; called once per death, on the thread that reports events.</param>
    public KillSchedule(Weather weather, Action<int> kill)
    {
        _due = [.. weather.Kills];
        _kill = kill;
    }

    /// <summary>Deaths that have not happened yet.</summary>
    public int Left => _due.Count;

    /// <summary>Kills the slot if this event is its cue. A respawned slot that gets the same round's model again is spared.</summary>
    /// <param name="happened">The event.</param>
    public void Hear(RunEvent happened)
    {
        if (happened.Phase == Phase.Model && _due.Remove((happened.Slot, happened.Round)))
        {
            _kill(happened.Slot);
        }
    }
}
