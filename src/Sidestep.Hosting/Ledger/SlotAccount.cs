namespace Sidestep.Hosting;

/// <summary>Where one slot's time went. Every moment of its sessions belongs to exactly one of: late start, weather, compute, upload, idle.</summary>
/// <remarks>An upload that runs beside the next computation counts only until that begins, so that the parts sum to the time paid for.</remarks>
internal sealed class SlotAccount(bool oneShareARound)
{
    private readonly Queue<(long Round, long Ticks)> _unanswered = new();
    private long _shares, _late, _deaths;
    private long _joined, _paid, _compute, _weather, _upload, _lateStart, _wasted;
    private long _given = -1, _givenRound = -1, _workedOn = -1;
    private long _arrived;
    private long _heardIn = -1, _heardRounds;

    public bool There { get; private set; }

    public long ComputeTicks => _compute;

    /// <summary>Partition gradients computed.</summary>
    public double Cost { get; private set; }

    /// <summary>Until when its lane is known to have worked, or when it joined.</summary>
    public long LaneEnd { get; private set; }

    /// <summary>The latest round it has worked on.</summary>
    public long WorkedOn => _workedOn;

    /// <summary>What of the delays the slot caused, in ticks.</summary>
    public double Delay { get; set; }

    /// <summary>What it would have delayed the round further, had it been waited for, in ticks.</summary>
    public double Avoided { get; set; }

    /// <summary>The causes of both, as far as they are known.</summary>
    public Causes Causes { get; set; }

    public void Joined(long at)
    {
        if (!There)
        {
            (There, _joined, LaneEnd, _arrived) = (true, at, at, 0);
            _given = _givenRound = _workedOn = -1;
        }
    }

    public void Lost(long at)
    {
        if (There)
        {
            There = false;
            _deaths++;
            _paid += at - _joined;
            _upload += Uploaded(at);
            _arrived = 0;
            WasteOlderThan(long.MaxValue);
        }
    }

    public void Given(long round, long at) => (_givenRound, _given) = (round, at);

    /// <summary>The lane worked from one instant to another.</summary>
    /// <param name="round">For which round.</param>
    /// <param name="start">When it began.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="boundary">When the last round ended, for strategies that give no models.</param>
    public void Worked(long round, long start, long end, long boundary)
    {
        var begins = Math.Max(start, LaneEnd);
        var uploaded = Uploaded(begins);
        _upload += uploaded;
        if (round != _workedOn)
        {
            var given = _givenRound == round ? _given : boundary;
            _lateStart += Math.Max(0, begins - Math.Max(given, LaneEnd + uploaded));
            _workedOn = round;
        }

        LaneEnd = Math.Max(LaneEnd, end);
        _arrived = _arrived > LaneEnd ? _arrived : 0;
    }

    public void Held(long ticks) => _weather += ticks;

    public void Computed(long round, long ticks, double cost)
    {
        _compute += ticks;
        Cost += cost;
        _unanswered.Enqueue((round, ticks));
    }

    public void Came(long round, long at, bool useful, bool late)
    {
        _heardRounds += round > _heardIn ? 1 : 0;
        _heardIn = Math.Max(_heardIn, round);
        _shares += useful ? 1 : 0;
        _late += late ? 1 : 0;
        _arrived = Math.Max(_arrived, at);
        WasteOlderThan(round);
        while (_unanswered.TryPeek(out var piece) && piece.Round == round)
        {
            _unanswered.Dequeue();
            _wasted += useful ? 0 : piece.Ticks;
            if (!oneShareARound)
            {
                break;
            }
        }
    }

    /// <summary>Computations that were not answered count as wasted: nothing of them will come.</summary>
    public void Close() => WasteOlderThan(long.MaxValue);

    public WorkerResult Result(int id, long end, long rounds)
    {
        var paid = _paid + (There ? Math.Max(0, end - _joined) : 0);
        var upload = _upload + (There ? Uploaded(end) : 0);
        return new WorkerResult(id, _shares, _late, _deaths, Seconds(_compute), Seconds(paid))
        {
            LateStartSeconds = Seconds(_lateStart),
            WeatherSeconds = Seconds(_weather),
            UploadSeconds = Seconds(upload),
            IdleSeconds = Seconds(Math.Max(0, paid - _lateStart - _weather - _compute - upload)),
            WastedSeconds = Seconds(_wasted),
            RoundsSilent = Math.Max(0, rounds - _heardRounds),
            DelaySeconds = Seconds(Delay),
            AvoidedSeconds = Seconds(Avoided),
        };
    }

    private static double Seconds(double ticks) => ticks / TimeSpan.TicksPerSecond;

    private long Uploaded(long until) => Math.Max(0, Math.Min(_arrived, until) - LaneEnd);

    private void WasteOlderThan(long round)
    {
        while (_unanswered.TryPeek(out var piece) && piece.Round < round)
        {
            _wasted += piece.Ticks;
            _unanswered.Dequeue();
        }
    }
}
