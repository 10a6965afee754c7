namespace Sidestep.Training;

/// <summary>Decides from arrival times when a slot counts as late, so that its rows can be asked of others. Pure state machine.</summary>
/// <remarks>A slot is late when it has not answered after <c>2 × median arrival + 1 ms</c> of the last rounds (smoothed); the median
/// does not move as long as fewer than half of the slots straggle. Until a round was measured nobody is late.</remarks>
internal sealed class LatenessRule(int slots)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);
    private readonly TimeSpan[] _arrivals = new TimeSpan[slots];
    private int _count;
    private double _median = double.NaN;

    /// <summary>When a slot that has not answered is late, since its model was sent.</summary>
    public TimeSpan After => double.IsNaN(_median) ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks((long)(2 * _median)) + Slack;

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
            double median = _arrivals[middle].Ticks;
            _median = double.IsNaN(_median) ? median : (0.75 * _median) + (0.25 * median);
        }

        _count = 0;
    }
}
