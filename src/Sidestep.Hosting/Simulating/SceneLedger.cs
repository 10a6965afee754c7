namespace Sidestep.Hosting;

/// <summary>Sums up the events of a simulated scheme.</summary>
/// <param name="slots">Number of slots.</param>
/// <param name="warmUp">Rounds that do not count.</param>
/// <param name="updates">Rounds of the strategy that together use as many shares as a round of others: 1, or more where a few shares are a round.</param>
internal sealed class SceneLedger(int slots, int warmUp, int updates)
{
    // Computations whose share has not been heard of, oldest first. Shares of a slot arrive in the order of its computations.
    private readonly Queue<(long Round, double Seconds)>[] _open = [.. Enumerable.Range(0, slots).Select(_ => new Queue<(long, double)>())];
    private readonly (long Round, double Seconds)[] _held = new (long, double)[slots];
    private TimeSpan _last;

    /// <summary>Seconds of each round. Where a few shares end a round, as many as use all rows make one here.</summary>
    public List<double> Rounds { get; private set; } = [];

    public double Busy { get; private set; }

    public double Wasted { get; private set; }

    public void Hear(in RunEvent happened)
    {
        var seconds = (happened.End - happened.Start).TotalSeconds;
        switch (happened.Phase)
        {
            case Phase.Round:
                if (happened.Round >= warmUp)
                {
                    // A round that only has an end began where the last one ended.
                    Rounds.Add(seconds > 0 ? seconds : (happened.End - _last).TotalSeconds);
                }

                _last = happened.End;
                break;
            case Phase.Weather when happened.Round >= warmUp:
                Drop(happened.Slot);
                _held[happened.Slot] = (happened.Round, seconds);
                break;
            case Phase.Compute when happened.Slot >= 0 && happened.Round >= warmUp:
                var whole = seconds + Taken(happened.Slot, happened.Round);
                Busy += whole;
                _open[happened.Slot].Enqueue((happened.Round, whole));
                break;
            case Phase.Share:
                Close(happened, wasted: false);
                break;
            case Phase.Late or Phase.Rejected:
                Close(happened, wasted: true);
                break;
        }
    }

    /// <summary>What was computed and never heard of is wasted.</summary>
    public void End()
    {
        Rounds = updates > 1 ? [.. Rounds.Chunk(updates).Where(c => c.Length == updates).Select(c => c.Sum())] : Rounds;
        for (var slot = 0; slot < slots; slot++)
        {
            Drop(slot);
            Wasted += _open[slot].Sum(w => w.Seconds);
            _open[slot].Clear();
        }
    }

    // The rehearsed delay before a computation.
    private double Taken(int slot, long round)
    {
        if (_held[slot].Round != round)
        {
            Drop(slot);
        }

        var seconds = _held[slot].Seconds;
        _held[slot] = default;
        return seconds;
    }

    // A delay that was cut short before a computation began.
    private void Drop(int slot)
    {
        Busy += _held[slot].Seconds;
        Wasted += _held[slot].Seconds;
        _held[slot] = default;
    }

    private void Close(in RunEvent happened, bool wasted)
    {
        var queue = _open[happened.Slot];
        while (queue.TryPeek(out var oldest) && oldest.Round <= happened.Round)
        {
            queue.Dequeue();
            if (oldest.Round == happened.Round)
            {
                Wasted += wasted ? oldest.Seconds : 0;
                return;
            }

            Wasted += oldest.Seconds;
        }
    }
}
