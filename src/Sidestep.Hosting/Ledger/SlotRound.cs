namespace Sidestep.Hosting;

/// <summary>What one slot did for one round; times are ticks since the run's start, −1: not known.</summary>
internal struct SlotRound
{
    private long _givenAt;
    private long _begun;
    private long _busyUntil;
    private long _weather;
    private long _ownTicks;
    private double _cost, _ownCost;
    private long _ownEnd;
    private int _computed;
    private int _own;
    private int _arrived;
    private int _ownShares;
    private long _ownArrival;
    private long _awayUntil;

    /// <summary>The slot was counted on in this round.</summary>
    public bool TakesPart { get; private set; }

    /// <summary>Its session ended in this round and no other has begun.</summary>
    public bool IsAway { get; private set; }

    /// <summary>When its last own row of the round was there in time; −1: not.</summary>
    public long DoneAt { get; private set; }

    /// <summary>Whether it is known when its part of the round was over.</summary>
    public readonly bool IsOver => _ownArrival >= 0;

    public static SlotRound Unknown => new() { _givenAt = -1, _begun = -1, _ownArrival = -1, _awayUntil = -1, DoneAt = -1 };

    public void Given(long at)
    {
        TakesPart = true;
        _givenAt = _givenAt < 0 ? at : _givenAt;
    }

    /// <summary>The lane began to work on the round.</summary>
    public void Begins(long at, long busyUntil)
    {
        TakesPart = true;
        if (_begun < 0)
        {
            (_begun, _busyUntil) = (at, busyUntil);
        }
    }

    public void Held(long ticks) => _weather += _computed == 0 ? ticks : 0;

    /// <summary>A computation; those that one pass over the data needs are the slot's own.</summary>
    public void Computed(long end, long ticks, double cost, double fair)
    {
        _computed++;
        if (_cost < fair)
        {
            _ownTicks += ticks;
            _ownCost += cost;
            (_own, _ownEnd, _ownArrival) = (_computed, end, -1);
        }

        _cost += cost;
    }

    /// <summary>A share came.</summary>
    /// <param name="at">When.</param>
    /// <param name="inTime">Whether it could be used.</param>
    /// <param name="basis">Which rows are whose.</param>
    /// <param name="row">Its row.</param>
    /// <param name="ownRows">Rows the slot sends unasked.</param>
    public void Came(long at, bool inTime, LedgerBasis basis, int row, int ownRows)
    {
        TakesPart = true;
        _arrived++;
        if (_arrived == _own || _own == 0 || basis.OneShareARound)
        {
            _ownArrival = at;
        }

        // A slot that owns nothing is done with whatever it sent last.
        if (inTime && (ownRows == 0 || (!basis.IsOnRequest(row) && ++_ownShares == ownRows)))
        {
            DoneAt = at;
        }
    }

    /// <summary>Its session ended: what it did for the round is gone.</summary>
    public void Left()
    {
        if (TakesPart && DoneAt < 0)
        {
            this = Unknown with { TakesPart = true, IsAway = true };
        }
    }

    public void Returned(long at)
    {
        if (IsAway)
        {
            (IsAway, _awayUntil) = (false, at);
        }
    }

    /// <summary>How long its part would have taken at least, had it computed its fair part of one pass; zero: nothing is known.</summary>
    /// <param name="began">When the round began.</param>
    /// <param name="fair">Partition gradients that are its part of one pass; computing time is taken to be in proportion.</param>
    /// <returns>Ticks by cause, and how long after the round's beginning it was given the model.</returns>
    public readonly (Causes Causes, double Before) Alone(long began, double fair)
    {
        double away = _awayUntil < 0 ? 0 : Math.Max(0, _awayUntil - began);
        if (_begun < 0)
        {
            return (new Causes(0, 0, 0, _own == 0 && _ownArrival >= 0 ? Math.Max(0, _ownArrival - began) : 0, away), 0);
        }

        double given = Math.Max(_givenAt < 0 ? began : _givenAt, began + away);
        var before = given - began - away;
        var late = Math.Max(0, _begun - Math.Max(given, _busyUntil));
        var upload = _ownArrival < 0 || _own == 0 ? 0 : Math.Max(0, _ownArrival - _ownEnd);

        // Clocks of two processes differ a little: the parts must not sum to more than was seen from here.
        var excess = _ownArrival < 0 ? 0 : before + away + late + _weather + _ownTicks + upload - (_ownArrival - began);
        var lateExcess = Math.Clamp(excess, 0, late);
        var uploadExcess = Math.Clamp(excess - lateExcess, 0, upload);
        var compute = _ownCost > 0 && double.IsFinite(fair) ? _ownTicks * fair / _ownCost : _ownTicks;
        return (new Causes(late - lateExcess, _weather, compute, upload - uploadExcess, away), before);
    }
}
