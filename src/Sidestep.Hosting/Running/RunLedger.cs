namespace Sidestep.Hosting;

/// <summary>Sums up the events of a run. Fed by one thread at a time; read by any.</summary>
public sealed class RunLedger
{
    private readonly Lock _gate = new();
    private readonly SlotSums[] _slots;
    private readonly List<double> _rounds = [];
    private readonly OrderedDictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private double _decode;
    private double _busy;
    private double _wait;
    private TimeSpan _lastRound;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="workers">Number of slots.</param>
    public RunLedger(int workers) => _slots = new SlotSums[workers];

    /// <summary>Rounds that ended.</summary>
    public long Rounds { get; private set; }

    /// <summary>Mean training loss of the last round; NaN before the first.</summary>
    public double TrainLoss { get; private set; } = double.NaN;

    /// <summary>Rounds whose decoded gradient was clipped.</summary>
    public long ClippedRounds { get; private set; }

    /// <summary>The best model this session found; null: none.</summary>
    public BestModel? Best { get; private set; }

    /// <summary>When the last event ended, since the run's start.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>Slots that are missing now.</summary>
    public int Missing => _slots.Count(s => !s.There);

    /// <summary>Takes an event.</summary>
    /// <param name="happened">The event.</param>
    public void Hear(in RunEvent happened)
    {
        lock (_gate)
        {
            End = happened.End > End ? happened.End : End;
            var seconds = (happened.End - happened.Start).TotalSeconds;
            if ((uint)happened.Slot < (uint)_slots.Length)
            {
                _slots[happened.Slot].Hear(happened, seconds);
            }
            else
            {
                HearCoordinator(happened, seconds);
            }
        }
    }

    /// <summary>All metrics of the last evaluation by their full names, such as <c>validation.loss</c>, in the order they were measured in.</summary>
    public IReadOnlyList<Metric> Metrics()
    {
        lock (_gate)
        {
            return [.. _metrics.Select(m => new Metric(m.Key, m.Value))];
        }
    }

    /// <summary>Seconds per round so far.</summary>
    public RoundSeconds RoundSeconds()
    {
        double[] sorted;
        lock (_gate)
        {
            sorted = [.. _rounds];
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? new RoundSeconds(0, 0, 0) : new RoundSeconds(Quantile(sorted, 50), Quantile(sorted, 99), sorted.Average());
    }

    /// <summary>What every slot did; those still there are paid for until the last event.</summary>
    public IReadOnlyList<WorkerResult> Workers()
    {
        lock (_gate)
        {
            return [.. _slots.Select((s, id) => s.Result(id, End))];
        }
    }

    /// <summary>Seconds workers computed; seconds the coordinator waited, and decoded.</summary>
    public (double Compute, double Wait, double Decode) Seconds()
    {
        lock (_gate)
        {
            return (_slots.Sum(s => s.Compute), _wait, _decode);
        }
    }

    private void HearCoordinator(in RunEvent happened, double seconds)
    {
        switch (happened.Phase)
        {
            case Phase.Round:
                Rounds = happened.Round + 1;
                TrainLoss = happened.Value;

                // Rounds that only have an end (one applied gradient) began where the last one ended.
                _rounds.Add(seconds > 0 ? seconds : (happened.End - _lastRound).TotalSeconds);
                _lastRound = happened.End;
                _wait += Math.Max(0, seconds - _busy);
                _busy = 0;
                break;
            case Phase.Decode:
                _decode += seconds;
                _busy += seconds;
                break;
            case Phase.Step:
                _busy += seconds;
                break;
            case Phase.Clip:
                ClippedRounds++;
                break;
            case Phase.Metric when happened.Name is { } name:
                _metrics[name] = happened.Value;
                break;
            case Phase.Best when happened.Name is { } metric:
                Best = new BestModel(happened.Round, metric, happened.Value);
                break;
        }
    }

    // The nearest rank: the smallest value that at least so many per cent do not exceed.
    private static double Quantile(double[] sorted, int percent) => sorted[Math.Max(0, (((sorted.Length * percent) + 99) / 100) - 1)];

    private struct SlotSums
    {
        private long _shares;
        private long _late;
        private long _deaths;
        private TimeSpan _joined;
        private double _paid;

        public double Compute { get; private set; }

        public bool There { get; private set; }

        public void Hear(in RunEvent happened, double seconds)
        {
            switch (happened.Phase)
            {
                case Phase.Joined when !There:
                    (There, _joined) = (true, happened.End);
                    break;
                case Phase.Lost when There:
                    There = false;
                    _deaths++;
                    _paid += (happened.End - _joined).TotalSeconds;
                    break;
                case Phase.Share:
                    _shares++;
                    break;
                case Phase.Late:
                    _late++;
                    break;
                case Phase.Compute:
                    Compute += seconds;
                    break;
            }
        }

        public readonly WorkerResult Result(int id, TimeSpan end) =>
            new(id, _shares, _late, _deaths, Compute, _paid + (There ? Math.Max(0, (end - _joined).TotalSeconds) : 0));
    }
}
