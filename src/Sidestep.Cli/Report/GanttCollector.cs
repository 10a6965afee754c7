namespace Sidestep.Cli.Report;

/// <summary>Turns a run's events into bars and marks of the windows they fall into, and notes who was there when.</summary>
/// <param name="windows">The windows.</param>
internal sealed class GanttCollector(IReadOnlyList<GanttWindow> windows)
{
    private readonly Dictionary<int, Lane> _lanes = [];
    private readonly List<(int Session, double At, int Change)> _presence = [];
    private int _session;
    private double _roundEnd;

    /// <summary>Sessions of workers that began and ended.</summary>
    public IReadOnlyList<(int Session, double At, int Change)> Presence => _presence;

    /// <summary>The highest slot that was heard of, plus one.</summary>
    public int Slots { get; private set; }

    /// <summary>Takes an event.</summary>
    public void Hear(RunEvent happened)
    {
        double start = happened.Start.TotalSeconds, end = happened.End.TotalSeconds;
        if (happened.Slot < 0)
        {
            if (happened.Phase == Phase.Round)
            {
                _roundEnd = end;
                foreach (var window in windows)
                {
                    if (window.Session == _session)
                    {
                        window.AddRoundEnd(happened.Round, end);
                    }
                }
            }

            return;
        }

        Slots = Math.Max(Slots, happened.Slot + 1);
        if (happened.Phase == Phase.Joined && end < _roundEnd)
        {
            // The coordinator's own times do not go back within a session of the run.
            _session++;
            _roundEnd = 0;
            _lanes.Clear();
        }

        if (!_lanes.TryGetValue(happened.Slot, out var lane))
        {
            _lanes.Add(happened.Slot, lane = new Lane());
        }

        Hear(happened, lane, start, end);
    }

    /// <summary>Nothing follows: who is away stays away.</summary>
    public void Finish()
    {
        foreach (var (slot, lane) in _lanes)
        {
            Add(new Bar(slot, BarKind.Away, -1, lane.LostAt, double.PositiveInfinity));
        }
    }

    private void Hear(in RunEvent happened, Lane lane, double start, double end)
    {
        switch (happened.Phase)
        {
            case Phase.Joined:
                Add(new Bar(happened.Slot, BarKind.Away, happened.Round, lane.LostAt, end));
                Add(new Mark(happened.Slot, MarkKind.Joined, happened.Round, end));
                lane.Join(end);
                _presence.Add((_session, end, 1));
                break;
            case Phase.Lost:
                Add(new Mark(happened.Slot, MarkKind.Lost, happened.Round, end));
                lane.Lose(end);
                _presence.Add((_session, end, -1));
                break;
            case Phase.Model:
                (lane.Given, lane.GivenRound) = (end, happened.Round);
                break;
            case Phase.Weather or Phase.Compute:
                if (lane.Begin(happened.Round, start) is { } since)
                {
                    Add(new Bar(happened.Slot, BarKind.LateStart, happened.Round, since, start));
                }

                lane.BusyUntil = end;
                var kind = happened.Phase == Phase.Weather ? BarKind.Weather : BarKind.Compute;
                Add(new Bar(happened.Slot, kind, happened.Round, start, end));
                if (kind == BarKind.Compute)
                {
                    lane.Computed.Enqueue((happened.Round, end));
                }

                break;
            case Phase.Share or Phase.Late:
                if (lane.Answer(happened.Round) is { } computed)
                {
                    Add(new Bar(happened.Slot, BarKind.Upload, happened.Round, computed, end));
                }

                Add(new Mark(happened.Slot, happened.Phase == Phase.Share ? MarkKind.Share : MarkKind.Late, happened.Round, end));
                break;
            case Phase.Ask:
                Add(new Mark(happened.Slot, MarkKind.Ask, happened.Round, end));
                break;
        }
    }

    private void Add(Bar bar)
    {
        foreach (var window in windows)
        {
            if (window.Session == _session)
            {
                window.Add(bar);
            }
        }
    }

    private void Add(Mark mark)
    {
        foreach (var window in windows)
        {
            if (window.Session == _session)
            {
                window.Add(mark);
            }
        }
    }

    private sealed class Lane
    {
        private long _workedOn = -1;

        public Queue<(long Round, double End)> Computed { get; } = new();

        public double Given { get; set; } = double.NaN;

        public long GivenRound { get; set; } = -1;

        public double BusyUntil { get; set; }

        /// <summary>When the last session ended; NaN: it lives, or there was none.</summary>
        public double LostAt { get; private set; } = double.NaN;

        public void Join(double at)
        {
            (BusyUntil, LostAt, Given, GivenRound, _workedOn) = (at, double.NaN, double.NaN, -1, -1);
            Computed.Clear();
        }

        public void Lose(double at) => LostAt = at;

        /// <summary>Since when the work was due, if this is the first on its round.</summary>
        public double? Begin(long round, double start)
        {
            var isFirst = round != _workedOn && round == GivenRound;
            _workedOn = round;
            return isFirst ? Math.Min(start, Math.Max(Given, BusyUntil)) : null;
        }

        /// <summary>The end of the oldest computation of the round that was not answered yet.</summary>
        public double? Answer(long round)
        {
            while (Computed.TryPeek(out var oldest) && oldest.Round < round)
            {
                Computed.Dequeue();
            }

            return Computed.TryPeek(out var computed) && computed.Round == round ? Computed.Dequeue().End : null;
        }
    }
}
