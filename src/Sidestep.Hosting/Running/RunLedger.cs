namespace Sidestep.Hosting;

/// <summary>Sums up the events of a run. Fed by one thread at a time; read by any.</summary>
public sealed class RunLedger
{
    private readonly Lock _gate = new();
    private readonly LedgerBasis _basis;
    private readonly SlotAccount[] _slots;
    private readonly RoundBook? _book;
    private readonly List<double> _rounds = [];
    private readonly LossCurve _curve = new();
    private readonly OrderedDictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private double _decode;
    private double _busy;
    private double _wait;
    private TimeSpan _lastRound;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="basis">What it must know of the plan.</param>
    public RunLedger(LedgerBasis basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        _basis = basis;
        _slots = [.. Enumerable.Range(0, basis.Workers).Select(_ => new SlotAccount(basis.OneShareARound))];
        _book = basis.HasRounds ? new RoundBook(basis, _slots) : null;
    }

    /// <summary>Rounds that ended.</summary>
    public long Rounds { get; private set; }

    /// <summary>Mean training loss of the last round; NaN before the first.</summary>
    public double TrainLoss { get; private set; } = double.NaN;

    /// <summary>Rounds whose decoded gradient was clipped.</summary>
    public long ClippedRounds { get; private set; }

    /// <summary>Computations of rows that workers began, those cut short included.</summary>
    public long Computations { get; private set; }

    /// <summary>The best model this session found; null: none.</summary>
    public BestModel? Best { get; private set; }

    /// <summary>Blocks of very different scale that one row mixes; null: none were found.</summary>
    public UnevenResult? Uneven { get; private set; }

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
            if ((uint)happened.Slot < (uint)_slots.Length)
            {
                HearSlot(happened, _slots[happened.Slot]);
            }
            else
            {
                HearCoordinator(happened, (happened.End - happened.Start).TotalSeconds);
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

    /// <summary>Training losses so far, for a chart: at most 256 points, each the mean over some rounds.</summary>
    public IReadOnlyList<LossPoint> Losses()
    {
        lock (_gate)
        {
            return _curve.Points();
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
            return [.. _slots.Select((s, id) => s.Result(id, End.Ticks, _basis.HasRounds ? _rounds.Count : 0))];
        }
    }

    /// <summary>Seconds workers computed; seconds the coordinator waited, and decoded.</summary>
    public (double Compute, double Wait, double Decode) Seconds()
    {
        lock (_gate)
        {
            return (_slots.Sum(s => s.ComputeTicks) / (double)TimeSpan.TicksPerSecond, _wait, _decode);
        }
    }

    /// <summary>What redundancy saved and cost so far, and who cost most. Rounds of which something is still open count when it is known.</summary>
    public LedgerResult Result()
    {
        lock (_gate)
        {
            double cost = _slots.Sum(s => s.Cost), compute = _slots.Sum(s => s.ComputeTicks), pass = _rounds.Count * _basis.PassCost;
            var extra = cost > pass ? (cost - pass) / cost * compute : 0;
            return new LedgerResult(Seconds(_book?.SavedTicks ?? 0), Seconds(_book?.SavedWorkerTicks ?? 0), Seconds(extra), Worst.Of(_slots, _rounds.Sum()));
        }
    }

    /// <summary>The run is over: what is not known by now will not be.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _book?.Settle(all: true);
            foreach (var slot in _slots)
            {
                slot.Close();
            }
        }
    }

    private static double Seconds(double ticks) => ticks / TimeSpan.TicksPerSecond;

    private void HearSlot(in RunEvent happened, SlotAccount account)
    {
        var end = happened.End.Ticks;
        switch (happened.Phase)
        {
            case Phase.Joined:
                account.Joined(end);
                _book?.Changed(happened.Slot, end, isThere: true);
                break;
            case Phase.Lost:
                account.Lost(end);
                _book?.Changed(happened.Slot, end, isThere: false);
                break;
            case Phase.Model:
                account.Given(happened.Round, end);
                _book?.Find(happened.Round)?.Slots[happened.Slot].Given(end);
                break;
            case Phase.Weather or Phase.Compute:
                Computations += happened.Phase == Phase.Compute ? 1 : 0;
                HearLane(happened, account);
                break;
            case Phase.Share or Phase.Late or Phase.Rejected when happened.Row >= 0:
                account.Came(happened.Round, end, useful: happened.Phase == Phase.Share, late: happened.Phase == Phase.Late);
                if (_book?.Find(happened.Round) is { } round)
                {
                    var inTime = happened.Phase == Phase.Share && !round.HasEnded;
                    round.Slots[happened.Slot].Came(end, inTime, _basis, happened.Row, _basis.OwnRowsOf(happened.Slot));
                    if (inTime)
                    {
                        round.Share(end);
                    }
                }

                break;
        }
    }

    private void HearLane(in RunEvent happened, SlotAccount account)
    {
        var (start, end) = (happened.Start.Ticks, happened.End.Ticks);
        var busy = account.LaneEnd;
        account.Worked(happened.Round, start, end, _lastRound.Ticks);
        if (_book?.Find(happened.Round) is { } round)
        {
            ref var part = ref round.Slots[happened.Slot];
            part.Begins(start, busy);
            if (happened.Phase == Phase.Weather)
            {
                part.Held(end - start);
            }
            else
            {
                part.Computed(end, end - start, happened.Value, _basis.FairCost);
            }
        }

        if (happened.Phase == Phase.Weather)
        {
            account.Held(end - start);
        }
        else
        {
            account.Computed(happened.Round, end - start, happened.Value);
        }
    }

    private void HearCoordinator(in RunEvent happened, double seconds)
    {
        switch (happened.Phase)
        {
            case Phase.Round:
                Rounds = happened.Round + 1;
                TrainLoss = happened.Value;
                _curve.Add(happened.Round, happened.Value);

                // Rounds that only have an end (one applied gradient) began where the last one ended.
                _rounds.Add(seconds > 0 ? seconds : (happened.End - _lastRound).TotalSeconds);
                _lastRound = happened.End;
                _wait += Math.Max(0, seconds - _busy);
                _busy = 0;
                _book?.Find(happened.Round)?.End(happened.Start.Ticks);
                _book?.Settle();
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
            case Phase.Uneven:
                Uneven = new UnevenResult(happened.Row, happened.Name ?? string.Empty, happened.Value);
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
}
