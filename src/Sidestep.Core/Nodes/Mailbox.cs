namespace Sidestep;

/// <summary>A node's received messages and waiting receives. One owner: everything but the constructor's wake call happens on its pump. Allocates nothing once warm.</summary>
/// <remarks>Messages are held in arrival order and the oldest match wins. A receive with a round drops older messages of its topics, now and while it waits.
/// Of several <see cref="Topic.Model"/> messages of one sender and channel only the newest is held.
/// Cost: the number of messages held, per receive; the number of waiting receives, per delivery.</remarks>
public sealed class Mailbox
{
    private static readonly Action<object?> Cancelled = static mailbox => ((Mailbox)mailbox!)._wake();
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly HeldMessages _held = new();
    private readonly List<ReceiveWait> _waits = new(4);
    private readonly Stack<ReceiveWait> _spare = new(4);
    private readonly TimeProvider _time;
    private readonly PendingBytes _pending;
    private readonly Action _wake;
    private ITimer? _timer;
    private long _timerDue = long.MaxValue;
    private bool _timerFired;
    private bool _closed;

    /// <summary>Opens a mailbox.</summary>
    /// <param name="time">The clock of its timeouts.</param>
    /// <param name="pending">The sender's side adds a message there before it is delivered; the mailbox releases it when the message leaves.</param>
    /// <param name="wake">Called from any thread when a timeout or a cancellation is due; must make the owner call <see cref="Sweep"/> soon.</param>
    public Mailbox(TimeProvider time, PendingBytes pending, Action wake)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(pending);
        ArgumentNullException.ThrowIfNull(wake);
        (_time, _pending, _wake) = (time, pending, wake);
    }

    /// <summary>Messages held.</summary>
    public int Count => _held.Count;

    /// <summary>Hands a message over; its payload is owned by the mailbox. A waiting receive is continued before this returns.</summary>
    /// <param name="message">The message, already in the pending bytes.</param>
    public void Deliver(in Message message)
    {
        var stale = _closed;
        for (var i = 0; i < _waits.Count; i++)
        {
            var wait = _waits[i];
            if (wait.Wanted.Takes(message))
            {
                _waits.RemoveAt(i);
                _pending.Release(message);
                wait.Complete(new MessageLease(message), null);
                return;
            }

            stale |= wait.Wanted.Outdates(message);
        }

        if (stale)
        {
            Drop(message);
            return;
        }

        if (message.Topic == Topic.Model)
        {
            DropOlderModel(message);
        }

        _held.Add(message);
    }

    /// <summary>Takes the oldest match, or waits for one.</summary>
    /// <param name="match">What to take.</param>
    /// <param name="channel">The channel; 0: none.</param>
    /// <param name="timeout">How long to wait; infinite: for ever; zero: look only.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Null: timed out. Cancelled also when the mailbox is closed.</returns>
    public ValueTask<MessageLease?> ReceiveAsync(Match match, ushort channel, TimeSpan timeout, CancellationToken stop)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "a timeout is at least zero, or infinite");
        }

        if (stop.IsCancellationRequested || _closed)
        {
            return ValueTask.FromCanceled<MessageLease?>(stop.IsCancellationRequested ? stop : new CancellationToken(true));
        }

        var wanted = new Wanted(match, channel);
        if (TryTake(wanted, out var message))
        {
            return new ValueTask<MessageLease?>(new MessageLease(message));
        }

        if (timeout == TimeSpan.Zero)
        {
            return default;
        }

        var wait = _spare.TryPop(out var spare) ? spare : new ReceiveWait(this);
        _waits.Add(wait);
        var task = wait.Start(wanted, Deadline(timeout), stop, Cancelled);
        Arm(wait.Deadline);
        return task;
    }

    /// <summary>Ends the receives that timed out or were cancelled. The owner calls it after a wake.</summary>
    public void Sweep()
    {
        for (var i = 0; i < _waits.Count; i++)
        {
            var wait = _waits[i];
            var cancelled = wait.Stop.IsCancellationRequested;
            if (cancelled || wait.Deadline <= _time.GetTimestamp())
            {
                // The continuation may receive again: start over, the list is another one.
                _waits.RemoveAt(i);
                wait.Complete(null, cancelled ? new OperationCanceledException(wait.Stop) : null);
                i = -1;
            }
        }

        if (Volatile.Read(ref _timerFired))
        {
            Volatile.Write(ref _timerFired, false);
            _timerDue = long.MaxValue;
            foreach (var wait in _waits)
            {
                Arm(wait.Deadline, TimeSpan.FromMilliseconds(1));
            }
        }
    }

    /// <summary>Gives every held payload back and cancels every receive. Later deliveries are dropped.</summary>
    public void Close()
    {
        _closed = true;
        _timer?.Dispose();
        while (_held.Count > 0)
        {
            Drop(_held.Remove(_held.First));
        }

        while (_waits.Count > 0)
        {
            var wait = _waits[0];
            _waits.RemoveAt(0);
            wait.Complete(null, new OperationCanceledException(
                wait.Stop.IsCancellationRequested ? wait.Stop : new CancellationToken(true)));
        }
    }

    /// <summary>What the waiting receives wait for, for people; empty when nothing waits.</summary>
    public string Waiting() => string.Join(" and ", _waits.Select(w => w.Wanted.ToString()));

    internal void GiveBack(ReceiveWait wait) => _spare.Push(wait);

    private bool TryTake(Wanted wanted, out Message message)
    {
        var found = false;
        message = default;
        for (var i = _held.First; i >= 0;)
        {
            var next = _held.After(i);
            if (!found && wanted.Takes(_held[i]))
            {
                message = _held.Remove(i);
                found = true;
                if (!wanted.DropsOlder)
                {
                    break;
                }
            }
            else if (wanted.Outdates(_held[i]))
            {
                Drop(_held.Remove(i));
            }

            i = next;
        }

        if (found)
        {
            _pending.Release(message);
        }

        return found;
    }

    private void DropOlderModel(in Message newer)
    {
        for (var i = _held.First; i >= 0; i = _held.After(i))
        {
            ref readonly var held = ref _held[i];
            if (held.Topic == Topic.Model && held.From == newer.From && held.Channel == newer.Channel)
            {
                Drop(_held.Remove(i));
                return;
            }
        }
    }

    private void Drop(in Message message)
    {
        _pending.Release(message);
        message.Payload?.Dispose();
    }

    private long Deadline(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return long.MaxValue;
        }

        var ticks = Math.Ceiling(timeout.Ticks * ((double)_time.TimestampFrequency / TimeSpan.TicksPerSecond));
        return _time.GetTimestamp() + (long)Math.Min(ticks, long.MaxValue / 2);
    }

    // One timer, moved only towards earlier: most receives are over long before their timeout.
    private void Arm(long deadline, TimeSpan least = default)
    {
        if (deadline >= _timerDue)
        {
            return;
        }

        _timerDue = deadline;
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        wait = wait < least ? least : wait > LongestTimer ? LongestTimer : wait;
        if (_timer is null)
        {
            _timer = _time.CreateTimer(static mailbox => ((Mailbox)mailbox!).TimerFired(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimerFired()
    {
        Volatile.Write(ref _timerFired, true);
        _wake();
    }
}
