namespace Sidestep;

/// <summary>Payload bytes on their way to a node's program, sender by sender. Thread-safe; allocates only when a higher id shows up.</summary>
/// <param name="released">Called with the sender after bytes of it were taken or dropped, by whoever took them; null: nobody asks.</param>
public sealed class PendingBytes(Action<int>? released = null)
{
    private readonly Lock _gate = new();
    private long[] _bytes = new long[8];

    /// <summary>Bytes handed over by a sender and not yet taken.</summary>
    /// <param name="from">The sender.</param>
    public long this[int from]
    {
        get
        {
            lock (_gate)
            {
                return from + 1 < _bytes.Length ? _bytes[from + 1] : 0;
            }
        }
    }

    /// <summary>A message is on its way to the mailbox.</summary>
    /// <param name="message">The message.</param>
    public void Add(in Message message) => Change(message.From, message.Payload?.Length ?? 0);

    /// <summary>A message left the mailbox.</summary>
    /// <param name="message">The message.</param>
    public void Release(in Message message)
    {
        if (message.Payload is { } payload)
        {
            Change(message.From, -payload.Length);
            released?.Invoke(message.From);
        }
    }

    private void Change(int from, int bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (from + 1 >= _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(from + 2, 2 * _bytes.Length));
            }

            _bytes[from + 1] += bytes;
        }
    }
}
