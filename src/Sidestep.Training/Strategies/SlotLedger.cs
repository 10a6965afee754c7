namespace Sidestep.Training;

/// <summary>What the coordinator knows of its slots: who is there, who is late, when each was sent which model. Pure state.</summary>
internal sealed class SlotLedger
{
    private readonly bool[] _there;
    private readonly (long Round, TimeSpan At)[] _sent;
    private readonly (long Round, TimeSpan At)[] _sentBefore;
    private readonly TimeSpan[] _given;

    public SlotLedger(int slots)
    {
        _there = new bool[slots];
        Late = new bool[slots];
        Answered = new bool[slots];
        _sent = new (long, TimeSpan)[slots];
        _sentBefore = new (long, TimeSpan)[slots];
        _given = new TimeSpan[slots];
        Array.Fill(_sent, (-1, default));
        Array.Fill(_sentBefore, (-1, default));
    }

    public int Count => _there.Length;

    /// <summary>Slots with a live session.</summary>
    public int There { get; private set; }

    /// <summary>Slots whose rows are asked of others because they do not answer in time.</summary>
    public bool[] Late { get; }

    /// <summary>Slots that owe nothing of the present round: they sent what they have or were asked for.</summary>
    public bool[] Answered { get; }

    /// <summary>When a slot's present task was given to it: the round's model, or a request.</summary>
    public TimeSpan GivenAt(int slot) => _given[slot];

    /// <summary>A slot was asked for a further row.</summary>
    public void Asked(int slot, TimeSpan at)
    {
        Answered[slot] = false;
        _given[slot] = at;
    }

    public bool IsThere(int slot) => _there[slot];

    public void Joined(int slot)
    {
        if (!_there[slot])
        {
            _there[slot] = true;
            There++;
        }

        Late[slot] = false;
        Answered[slot] = false;
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

    public void Sent(int slot, long round, TimeSpan at)
    {
        _sentBefore[slot] = _sent[slot];
        _sent[slot] = (round, at);
        _given[slot] = at;
    }

    /// <summary>How long ago the model of a round was sent to a slot; <see cref="TimeSpan.MaxValue"/>: longer than the last two models.</summary>
    public TimeSpan Since(int slot, long round, TimeSpan now) =>
        _sent[slot].Round == round ? now - _sent[slot].At
        : _sentBefore[slot].Round == round ? now - _sentBefore[slot].At
        : TimeSpan.MaxValue;

    /// <summary>The missing slots, for people: <c>2, 5, 7</c>.</summary>
    public string Missing() => string.Join(", ", Enumerable.Range(0, Count).Where(s => !_there[s]));
}
