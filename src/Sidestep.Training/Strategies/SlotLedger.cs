namespace Sidestep.Training;

/// <summary>What the coordinator knows of its slots: who is there, who is late, when each was sent which model, and what it still owes. Pure state.</summary>
internal sealed class SlotLedger
{
    private readonly bool[] _there;
    private readonly (long Round, TimeSpan At)[] _sent;
    private readonly (long Round, TimeSpan At)[] _sentBefore;
    private readonly TimeSpan[] _given;
    private readonly int[][] _ownRows;
    private readonly bool[] _isOwed;
    private readonly int[] _owed;
    private readonly bool[] _hasAnswered;
    private readonly bool[] _isOwn;
    private readonly int[] _ownLeft;

    public SlotLedger(CodeTable<float> table)
    {
        _there = new bool[table.Workers];
        Late = new bool[table.Workers];
        _sent = new (long, TimeSpan)[table.Workers];
        _sentBefore = new (long, TimeSpan)[table.Workers];
        _given = new TimeSpan[table.Workers];
        var own = Enumerable.Range(0, table.Rows.Length).Where(r => !table.Rows[r].OnRequest).ToLookup(r => table.Rows[r].Worker);
        _ownRows = [.. Enumerable.Range(0, table.Workers).Select(slot => own[slot].ToArray())];
        _isOwed = new bool[table.Rows.Length];
        _owed = new int[table.Workers];
        _hasAnswered = new bool[table.Workers];
        _isOwn = [.. table.Rows.Select(row => !row.OnRequest)];
        _ownLeft = new int[table.Workers];
        Array.Fill(_sent, (-1, default));
        Array.Fill(_sentBefore, (-1, default));
    }

    public int Count => _there.Length;

    /// <summary>Slots with a live session.</summary>
    public int There { get; private set; }

    /// <summary>Slots whose rows are asked of others because they do not answer in time.</summary>
    public bool[] Late { get; }

    /// <summary>Slots that have sent all rows of the round they send unasked.</summary>
    public int Complete { get; private set; }

    /// <summary>When a slot was last given work to do, or sent something while it owes more.</summary>
    public TimeSpan GivenAt(int slot) => _given[slot];

    /// <summary>Whether a slot has still to send rows of the present round, its own or asked for.</summary>
    public bool Owes(int slot) => _owed[slot] > 0;

    /// <summary>Whether a slot sends rows without being asked.</summary>
    public bool HasOwnRows(int slot) => _ownRows[slot].Length > 0;

    public bool IsThere(int slot) => _there[slot];

    /// <summary>A round begins: nobody owes anything until its model is sent.</summary>
    public void BeginRound()
    {
        Array.Clear(_isOwed);
        Array.Clear(_owed);
        Array.Clear(_hasAnswered);
        Complete = 0;
        for (var slot = 0; slot < _ownLeft.Length; slot++)
        {
            _ownLeft[slot] = _ownRows[slot].Length;
        }
    }

    public void Joined(int slot)
    {
        if (!_there[slot])
        {
            _there[slot] = true;
            There++;
        }

        Late[slot] = false;
        _sent[slot] = _sentBefore[slot] = (-1, default);
    }

    public void Lost(int slot)
    {
        if (_there[slot])
        {
            _there[slot] = false;
            There--;
        }

        Late[slot] = false;
    }

    /// <summary>A slot was sent a model: it owes its own rows, all of them if it is a new session.</summary>
    public void Sent(int slot, long round, TimeSpan at)
    {
        _sentBefore[slot] = _sent[slot];
        _sent[slot] = (round, at);
        _given[slot] = at;
        foreach (var row in _ownRows[slot])
        {
            _owed[slot] += _isOwed[row] ? 0 : 1;
            _isOwed[row] = true;
        }
    }

    /// <summary>A slot was asked for a further row.</summary>
    public void Asked(int row, int slot, TimeSpan at)
    {
        _given[slot] = Owes(slot) ? _given[slot] : at;
        _owed[slot] += _isOwed[row] ? 0 : 1;
        _isOwed[row] = true;
    }

    /// <summary>A slot sent a row.</summary>
    /// <returns>Whether it is its first of the round.</returns>
    public bool Answered(int row, int slot, TimeSpan at)
    {
        Settled(row, slot);
        _given[slot] = at;
        var first = !_hasAnswered[slot];
        _hasAnswered[slot] = true;
        return first;
    }

    /// <summary>A row came, for the first time this round and not empty.</summary>
    public void Came(int row, int slot) => Complete += _isOwn[row] && --_ownLeft[slot] == 0 ? 1 : 0;

    /// <summary>A slot does not owe a row any more.</summary>
    public void Settled(int row, int slot)
    {
        _owed[slot] -= _isOwed[row] ? 1 : 0;
        _isOwed[row] = false;
    }

    /// <summary>How long ago the model of a round was sent to a slot; <see cref="TimeSpan.MaxValue"/>: longer than the last two models.</summary>
    public TimeSpan Since(int slot, long round, TimeSpan now) =>
        _sent[slot].Round == round ? now - _sent[slot].At
        : _sentBefore[slot].Round == round ? now - _sentBefore[slot].At
        : TimeSpan.MaxValue;

    /// <summary>The missing slots, for people: <c>2, 5, 7</c>.</summary>
    public string Missing() => string.Join(", ", Enumerable.Range(0, Count).Where(s => !_there[s]));
}
