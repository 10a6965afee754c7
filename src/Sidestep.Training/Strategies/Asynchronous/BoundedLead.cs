namespace Sidestep.Training;

/// <summary>A slot's clock counts its applied shares; it starts its next one only when no living slot's clock is more than a slack behind.</summary>
/// <remarks>Every slot has then applied its shares of all clocks up to its own less the slack: the model that is sent holds them. A dead slot is left out of the
/// least clock; one that returns goes on at the least clock of the others, if its own is older.</remarks>
internal sealed class BoundedLead : IPacing
{
    private readonly long[] _clocks;
    private readonly bool[] _there;
    private readonly int _slack;

    /// <summary>Creates it.</summary>
    /// <param name="workers">n.</param>
    /// <param name="slack">Clocks a slot may be ahead of the slowest.</param>
    /// <param name="start">The clock at which all begin.</param>
    public BoundedLead(int workers, int slack, long start)
    {
        _slack = slack;
        _clocks = new long[workers];
        _there = new bool[workers];
        Array.Fill(_clocks, start);
    }

    public void Joined(int slot)
    {
        _there[slot] = false;
        _clocks[slot] = Math.Max(_clocks[slot], Least() is var least && least < long.MaxValue ? least : 0);
        _there[slot] = true;
    }

    public void Lost(int slot) => _there[slot] = false;

    public bool MayStart(int slot) => _clocks[slot] - Least() <= _slack;

    public long Label(int slot, long version) => _clocks[slot];

    public void Applied(int slot) => _clocks[slot]++;

    private long Least()
    {
        var least = long.MaxValue;
        for (var slot = 0; slot < _clocks.Length; slot++)
        {
            least = _there[slot] ? Math.Min(least, _clocks[slot]) : least;
        }

        return least;
    }
}
