namespace Sidestep.Training;

/// <summary>Decides from arrival times when a slot counts as late, so that its rows can be asked of others. Pure state machine.</summary>
/// <remarks>A slot is late when it has not answered after <c>2 × median arrival + 1 ms</c>, where the median is over slots, and then over the last
/// five rounds: it moves neither while fewer than half of the slots straggle nor by a slow round such as the first one. Until a round was measured nobody is late.</remarks>
internal sealed class LatenessRule(int slots)
{
    private const int Rounds = 5;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);
    private readonly TimeSpan[] _arrivals = new TimeSpan[slots];
    private int _count;
    private readonly long[] _medians = new long[Rounds];
    private readonly long[] _sorted = new long[Rounds];
    private int _rounds;
    private long _median = -1;

    /// <summary>When a slot that has not answered is late, since its model was sent.</summary>
    public TimeSpan After => _median < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(2 * _median) + Slack;

    /// <summary>A slot's first own share of the round came in this long after its model was sent.</summary>
    public void Arrived(TimeSpan after)
    {
        if (_count < _arrivals.Length)
        {
            _arrivals[_count++] = after;
        }
    }

    /// <summary>The round is over.</summary>
    /// <param name="expected">Slots that were sent the model.</param>
    public void EndRound(int expected)
    {
        // Slots that did not answer count as slower than all that did.
        var middle = expected / 2;
        if (middle < _count)
        {
            Array.Sort(_arrivals, 0, _count);
            _medians[_rounds++ % Rounds] = _arrivals[middle].Ticks;
            var known = Math.Min(_rounds, Rounds);
            Array.Copy(_medians, _sorted, known);
            Array.Sort(_sorted, 0, known);
            _median = _sorted[(known - 1) / 2];
        }

        _count = 0;
    }
}
