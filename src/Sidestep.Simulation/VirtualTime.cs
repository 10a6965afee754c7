namespace Sidestep.Simulation;

/// <summary>The simulator's clock and timers: resolution 100 ns, starts at 2000-01-01 UTC, moves only between events.</summary>
internal sealed class VirtualTime(SimQueue queue) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => queue.Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start.AddTicks(queue.Now);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(queue, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimQueue queue, TimerCallback callback, object? state) : ITimer
    {
        private long _use;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _use++;
            Plan(dueTime, period);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _use++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Plan(TimeSpan wait, TimeSpan period)
        {
            if (wait == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            var use = _use;
            queue.At(queue.Now + wait.Ticks, () =>
            {
                if (use == _use)
                {
                    Plan(period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period, period);
                    callback(state);
                }
            });
        }
    }
}
