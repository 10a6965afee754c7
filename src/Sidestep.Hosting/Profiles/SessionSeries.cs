namespace Sidestep.Hosting;

/// <summary>One session of a worker: its rounds, on its own clock and on the coordinator's.</summary>
/// <remarks>Both clocks count from the run's start, but a worker's origin is known only to within a message's way. For every window of rounds the
/// events themselves bound the difference: a worker begins after its model was sent, and a share arrives after its computation ended.
/// Where that excludes that the clocks agree, the middle of the bounds is taken, as if both ways were equally long (Cristian,
/// "Probabilistic clock synchronization", Distributed Computing 1989).</remarks>
internal sealed class SessionSeries
{
    // Rounds over which the clocks are taken not to drift apart.
    private const int Window = 64;

    private readonly Dictionary<long, Turn> _byRound = [];
    private readonly List<Turn> _turns = [];

    public void Hear(in RunEvent happened)
    {
        switch (happened.Phase)
        {
            case Phase.Model:
                Of(happened.Round).Sent ??= happened.End;
                break;
            case Phase.Weather:
                var held = Of(happened.Round);
                held.Begun ??= happened.Start;
                held.Weather += happened.End - happened.Start;
                held.Last = happened.End;
                break;
            case Phase.Compute:
                Of(happened.Round).Computed(happened);
                break;
            case Phase.Share or Phase.Late when Of(happened.Round) is { Arrived: null } turn:
                turn.Arrived = happened.Start;
                turn.Bytes = (long)happened.Value;
                break;
        }
    }

    /// <summary>Adds the session's delays.</summary>
    /// <param name="series">The worker's.</param>
    /// <param name="emulated">The emulated time of one partition; null: compute was measured.</param>
    /// <param name="sent">When a round's models began to leave; null: the round does not count.</param>
    public void AddTo(WorkerSeries series, TimeSpan? emulated, Func<long, TimeSpan?> sent)
    {
        _turns.Sort((a, b) => a.Round.CompareTo(b.Round));
        var jobs = _turns.SelectMany(t => t.Jobs).Where(j => j.Cost > 0).Select(j => j.Cost).Order().ToArray();
        var price = new Price(emulated, jobs.Length == 0 ? 1 : jobs[jobs.Length / 2]);
        series.HasWeather |= _turns.Any(t => t.Weather > TimeSpan.Zero);
        for (var from = 0; from < _turns.Count; from += Window)
        {
            var to = Math.Min(_turns.Count, from + Window);
            var ahead = Difference(from, to);

            // A session's first round is that of a process that has just begun.
            for (var i = Math.Max(1, from); i < to; i++)
            {
                if (sent(_turns[i].Round) is { } left)
                {
                    Add(series, _turns[i], _turns[i - 1], left, ahead, price);
                }
            }
        }
    }

    private static void Add(WorkerSeries series, Turn turn, Turn before, TimeSpan left, TimeSpan ahead, Price price)
    {
        if (turn.Begun is not { } begun)
        {
            return;
        }

        if (turn.Sent is { } own && before.Last + ahead <= own)
        {
            series.Start.Add(turn.Round, Positive(begun + ahead - left));
        }

        series.Weather.Add(turn.Round, turn.Weather, cut: turn.Jobs.Count == 0);
        if (turn.Jobs.Sum(j => j.Cost) is var cost and > 0)
        {
            var done = turn.Jobs.Where(j => j.Cost > 0).ToArray();
            var took = done.Aggregate(TimeSpan.Zero, (sum, j) => sum + j.Took);
            series.Compute.Add(turn.Round, price.PerPartition(took, cost, done.Length));
        }
        else if (turn.Jobs.Count > 0)
        {
            series.Unpriced++;
            series.Compute.Add(turn.Round, price.PerPartition(turn.Jobs[0].Took, price.Usual, 1), cut: true);
        }

        if (turn.Ended is { } ended && turn.Arrived is { } arrived)
        {
            series.Upload.Add(turn.Round, Positive(arrived - ended - ahead));
            series.ShareBytes.Add(turn.Bytes);
        }
    }

    // What is added to the worker's times to get the coordinator's.
    private TimeSpan Difference(int from, int to)
    {
        var (least, most) = (TimeSpan.MinValue, TimeSpan.MaxValue);
        for (var i = from; i < to; i++)
        {
            var turn = _turns[i];
            if (turn.Sent is { } sent && turn.Begun is { } begun && sent - begun > least)
            {
                least = sent - begun;
            }

            if (turn.Arrived is { } arrived && turn.Ended is { } ended && arrived - ended < most)
            {
                most = arrived - ended;
            }
        }

        var agrees = least <= TimeSpan.Zero && most >= TimeSpan.Zero;
        return agrees || least == TimeSpan.MinValue || most == TimeSpan.MaxValue ? TimeSpan.Zero : (least + most) / 2;
    }

    private Turn Of(long round)
    {
        if (!_byRound.TryGetValue(round, out var turn))
        {
            _byRound[round] = turn = new Turn(round);
            _turns.Add(turn);
        }

        return turn;
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    /// <summary>What the time of computations says of one partition.</summary>
    /// <param name="Emulated">Emulated time of one partition: what goes beyond it is the machine's, once per computation, whatever was computed.</param>
    /// <param name="Usual">The usual cost of a computation, for those that were cut short.</param>
    private readonly record struct Price(TimeSpan? Emulated, double Usual)
    {
        public TimeSpan PerPartition(TimeSpan took, double cost, int computations) => Emulated is { } held
            ? held + (Positive(took - (held * cost)) / computations)
            : took / cost;
    }

    private sealed class Turn(long round)
    {
        public long Round => round;

        public TimeSpan? Sent { get; set; }

        public TimeSpan? Begun { get; set; }

        /// <summary>When the first computation that was not cut short ended.</summary>
        public TimeSpan? Ended { get; private set; }

        /// <summary>When its lane was last busy.</summary>
        public TimeSpan Last { get; set; }

        public TimeSpan? Arrived { get; set; }

        public long Bytes { get; set; }

        public TimeSpan Weather { get; set; }

        public List<(TimeSpan Took, double Cost)> Jobs { get; } = [];

        public void Computed(in RunEvent happened)
        {
            Begun ??= happened.Start;
            Last = happened.End;
            Jobs.Add((happened.End - happened.Start, happened.Value));
            if (happened.Value > 0)
            {
                Ended ??= happened.End;
            }
        }
    }
}
