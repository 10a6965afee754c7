namespace Sidestep.Hosting;

/// <summary>The delays of a run, in the order of rounds, as its events tell them.</summary>
internal sealed class RunSeries
{
    private readonly int _warmUp;
    private readonly Dictionary<long, RoundMarks> _marks = [];
    private readonly List<SessionSeries>[] _sessions;
    private readonly TimeSpan?[] _joined, _lost;
    private readonly double[] _there;
    private TimeSpan _end;

    private RunSeries(int slots, int warmUp)
    {
        _warmUp = warmUp;
        _sessions = [.. Enumerable.Range(0, slots).Select(_ => new List<SessionSeries>())];
        (_joined, _lost, _there) = (new TimeSpan?[slots], new TimeSpan?[slots], new double[slots]);
        Deaths = new int[slots];
        Workers = [.. Enumerable.Range(0, slots).Select(_ => new WorkerSeries())];
    }

    /// <summary>The rounds that count, and their lengths in milliseconds.</summary>
    public SortedDictionary<long, double> Rounds { get; } = [];

    /// <summary>The coordinator's own time per round.</summary>
    public DelaySeries Coordinator { get; } = new();

    public WorkerSeries[] Workers { get; }

    public int[] Deaths { get; }

    /// <summary>Times between deaths and next sessions, in seconds.</summary>
    public List<double> Respawns { get; } = [];

    /// <summary>Bytes of a model message; 0: not told.</summary>
    public long ModelBytes { get; private set; }

    /// <summary>Seconds the slot was there.</summary>
    public double There(int slot) => _there[slot];

    public static RunSeries Of(IEnumerable<RunEvent> events, int slots, int warmUp, TimeSpan? emulated, string source)
    {
        var series = new RunSeries(slots, warmUp);
        foreach (var happened in events)
        {
            if (happened.Slot >= slots)
            {
                throw new DataException($"{source} tells of slot {happened.Slot}, but the run's spec has {slots} workers");
            }

            series.Hear(happened);
        }

        series.End(emulated);
        return series;
    }

    private void Hear(in RunEvent happened)
    {
        _end = happened.End > _end ? happened.End : _end;
        if (happened.Slot < 0)
        {
            if (happened.Phase == Phase.Round)
            {
                Mark(happened.Round).Whole = (happened.Start, happened.End);
            }

            return;
        }

        switch (happened.Phase)
        {
            case Phase.Joined:
                Join(happened.Slot, happened.End);
                return;
            case Phase.Lost:
                Lose(happened.Slot, happened.End);
                return;
            case Phase.Model:
                ModelBytes = Math.Max(ModelBytes, (long)happened.Value);
                var mark = Mark(happened.Round);
                mark.Sent = happened.End < mark.Sent ? happened.End : mark.Sent;
                break;
            case Phase.Share:
                Mark(happened.Round).LastShare = happened.Start;
                break;
        }

        if (_sessions[happened.Slot] is { Count: 0 } none)
        {
            none.Add(new SessionSeries());
        }

        _sessions[happened.Slot][^1].Hear(happened);
    }

    private RoundMarks Mark(long round)
    {
        if (!_marks.TryGetValue(round, out var mark))
        {
            _marks[round] = mark = new RoundMarks();
        }

        return mark;
    }

    private void Join(int slot, TimeSpan at)
    {
        _sessions[slot].Add(new SessionSeries());
        if (_lost[slot] is { } lost)
        {
            Respawns.Add((at - lost).TotalSeconds);
        }

        _joined[slot] ??= at;
    }

    private void Lose(int slot, TimeSpan at)
    {
        if (_joined[slot] is { } joined)
        {
            Deaths[slot]++;
            _there[slot] += (at - joined).TotalSeconds;
        }

        (_joined[slot], _lost[slot]) = (null, at);
    }

    private void End(TimeSpan? emulated)
    {
        foreach (var (round, mark) in _marks.OrderBy(m => m.Key))
        {
            // Rounds that only have an end are those of another kind of method.
            if (round >= _warmUp && mark.Whole is { } whole && whole.End > whole.Start && mark.LastShare is { } last)
            {
                Rounds[round] = (whole.End - whole.Start).TotalMilliseconds;
                Coordinator.Add(round, Positive(mark.Sent - whole.Start) + Positive(whole.End - last));
            }
        }

        for (var slot = 0; slot < _sessions.Length; slot++)
        {
            _there[slot] += _joined[slot] is { } joined ? (_end - joined).TotalSeconds : 0;
            foreach (var session in _sessions[slot])
            {
                session.AddTo(Workers[slot], emulated, round => round >= _warmUp && _marks.TryGetValue(round, out var mark) ? mark.Sent : null);
            }
        }
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private sealed class RoundMarks
    {
        public (TimeSpan Start, TimeSpan End)? Whole { get; set; }

        public TimeSpan Sent { get; set; } = TimeSpan.MaxValue;

        public TimeSpan? LastShare { get; set; }
    }
}

