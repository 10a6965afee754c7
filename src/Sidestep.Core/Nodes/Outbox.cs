namespace Sidestep;

/// <summary>Where an in-process sender hands messages over.</summary>
public interface IPeer
{
    /// <summary>Whether a message of this sender may be handed over now.</summary>
    /// <param name="from">The sender.</param>
    bool HasRoom(int from);

    /// <summary>Takes a message; owns its payload.</summary>
    /// <param name="message">The message.</param>
    void Accept(in Message message);
}

/// <summary>Messages from one session to one peer, in order, waiting in the sender while the peer has no room.</summary>
/// <remarks>Thread-safe by the sender's lock, which is held while the peer accepts, so nothing of a session is accepted after it was closed under that lock.
/// A queued <see cref="Topic.Model"/> message is replaced by a newer one and never makes its sender wait. Allocates only while it waits.</remarks>
/// <param name="gate">The sender's lock.</param>
/// <param name="peer">The receiver.</param>
public sealed class Outbox(Lock gate, IPeer peer)
{
    /// <summary>Bytes a receiver holds of one sender before the sender waits.</summary>
    public const long Budget = 16 << 20;

    private readonly LinkedList<Entry> _queue = [];
    private bool _closed;

    /// <summary>The receiver.</summary>
    public IPeer Peer => peer;

    /// <summary>Hands a message over, or queues it; retains the payload. Completes when it is handed over.</summary>
    /// <param name="message">The message.</param>
    /// <param name="stop">Cancels waiting; the message is then not sent.</param>
    public ValueTask SendAsync(in Message message, CancellationToken stop)
    {
        Entry entry;
        lock (gate)
        {
            if (_closed)
            {
                return default;
            }

            message.Payload?.Retain();
            if (_queue.Count == 0 && peer.HasRoom(message.From))
            {
                peer.Accept(message);
                return default;
            }

            entry = new Entry(this, message);
            if (message.Topic == Topic.Model)
            {
                DropQueuedModel(message.Channel);
                entry.Done.SetResult();
            }

            _queue.AddLast(entry.Node);
        }

        return entry.Done.Task.IsCompleted ? default : new ValueTask(WaitAsync(entry, stop));
    }

    /// <summary>Hands over what the peer has room for now.</summary>
    public void Drain()
    {
        lock (gate)
        {
            while (_queue.First is { } node && peer.HasRoom(node.Value.Message.From))
            {
                _queue.RemoveFirst();
                peer.Accept(node.Value.Message);
                node.Value.Done.TrySetResult();
            }
        }
    }

    /// <summary>Drops what is queued and everything sent later; waiting senders go on.</summary>
    public void Close()
    {
        lock (gate)
        {
            _closed = true;
            while (_queue.First is { } node)
            {
                Drop(node.Value);
                node.Value.Done.TrySetResult();
            }
        }
    }

    private static async Task WaitAsync(Entry entry, CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static (e, token) => ((Entry)e!).Cancel(token), entry);
        await entry.Done.Task;
    }

    private void DropQueuedModel(ushort channel)
    {
        for (var node = _queue.First; node is not null; node = node.Next)
        {
            if (node.Value.Message.Topic == Topic.Model && node.Value.Message.Channel == channel)
            {
                Drop(node.Value);
                return;
            }
        }
    }

    private void Drop(Entry entry)
    {
        _queue.Remove(entry.Node);
        entry.Message.Payload?.Dispose();
    }

    private sealed class Entry
    {
        private readonly Outbox _outbox;

        public Entry(Outbox outbox, in Message message)
        {
            (_outbox, Message) = (outbox, message);
            Node = new LinkedListNode<Entry>(this);
        }

        public Message Message { get; }

        public LinkedListNode<Entry> Node { get; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Cancel(CancellationToken stop)
        {
            lock (_outbox.Gate)
            {
                if (Node.List is null)
                {
                    return;
                }

                _outbox.Drop(this);
            }

            Done.TrySetCanceled(stop);
        }
    }

    private Lock Gate => gate;
}
