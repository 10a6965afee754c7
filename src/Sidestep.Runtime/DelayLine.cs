namespace Sidestep.Runtime;

/// <summary>Holds messages that have come until their link would have brought them, each sender's in order, and hands them on from a thread of its own.</summary>
/// <remarks>A message is handed on at most some 0.2 ms late on an idle core, and never early. Allocates only to hold more messages than ever before.</remarks>
/// <param name="name">Name of the thread, which starts with the first message.</param>
/// <param name="time">The clock.</param>
/// <param name="pace">Draws what links do.</param>
/// <param name="deliver">Takes a message whose time has come.</param>
internal sealed class DelayLine(string name, TimeProvider time, LinkPace pace, Action<Message> deliver)
{
    // The last stretch is slept in slices, off the gate: a message of another link may be due earlier than the one waited for.
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Slice = TimeSpan.FromMicroseconds(200);

    private readonly object _gate = new();
    private readonly PriorityQueue<Message, (long Due, long Sequence)> _held = new();
    private long[] _last = new long[8];
    private long[] _free = new long[8];
    private long _sequence;
    private Thread? _thread;
    private bool _closed;

    /// <summary>Takes a message whose link has weather; from any thread. Its payload is owned until it is handed on.</summary>
    /// <param name="message">The message.</param>
    /// <returns>False: not taken, because nothing happens to its link or the line is closed.</returns>
    public bool TryHold(in Message message)
    {
        lock (_gate)
        {
            if (_closed || pace.Next(message.From, message.Payload?.Length ?? 0) is not { } link)
            {
                return false;
            }

            var from = message.From + 1;
            if (from >= _last.Length)
            {
                Array.Resize(ref _last, Math.Max(from + 1, 2 * _last.Length));
                Array.Resize(ref _free, _last.Length);
            }

            // The pipe is busy with one message after the other; latencies overlap.
            _free[from] = Math.Max(time.GetTimestamp(), _free[from]) + Stamps(link.Transmission);
            _last[from] = Math.Max(_free[from] + Stamps(link.Latency), _last[from] + 1);
            _held.Enqueue(message, (_last[from], _sequence++));
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = name };
                _thread.Start();
            }

            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Hands on what is held, at once, and takes nothing more. Returns when the last message has been handed on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private long Stamps(TimeSpan? length) => (long)Math.Ceiling((length?.Ticks ?? 0) * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));

    private void Run()
    {
        while (true)
        {
            Message message;
            TimeSpan left;
            lock (_gate)
            {
                left = AwaitCoarsely();
                if (left > TimeSpan.Zero)
                {
                    message = default;
                }
                else if (!_held.TryDequeue(out message, out _))
                {
                    return;
                }
            }

            if (left > TimeSpan.Zero)
            {
                Os.Sleep(left < Slice ? left : Slice);
            }
            else
            {
                deliver(message);
            }
        }
    }

    // What is left, less than the fine stretch, for the message that is due next; zero: it is due, or the line is closed.
    private TimeSpan AwaitCoarsely()
    {
        while (!_closed)
        {
            if (!_held.TryPeek(out _, out var next))
            {
                Monitor.Wait(_gate);
                continue;
            }

            var left = time.GetElapsedTime(time.GetTimestamp(), next.Due);
            if (left < Fine)
            {
                return left;
            }

            Monitor.Wait(_gate, (int)Math.Min((left - Fine).TotalMilliseconds + 1, 60_000));
        }

        return TimeSpan.Zero;
    }
}
