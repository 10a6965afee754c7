namespace Sidestep.Runtime;

/// <summary>Moves messages between live nodes. Messages arrive whole, in order per pair of nodes, at most once.</summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>This node's slot, or <see cref="Slots.Coordinator"/>.</summary>
    int Id { get; }

    /// <summary>The pool payloads are leased from.</summary>
    PayloadPool Pool { get; }

    /// <summary>Starts delivering to an inbox, from any thread. Also delivers <see cref="Topic.Joined"/> and <see cref="Topic.Lost"/>.</summary>
    /// <param name="inbox">Receives messages.</param>
    void Start(IInbox inbox);

    /// <summary>Queues a message; retains its payload until it is on its way. Waits while the peer's queue is full.
    /// A queued, not yet started <see cref="Topic.Model"/> message to the same peer is replaced by a newer one.</summary>
    /// <param name="message">The message, with <see cref="Message.From"/> set.</param>
    /// <param name="stop">Cancels waiting.</param>
    ValueTask SendAsync(in Message message, CancellationToken stop);

    /// <summary>Passes an event of this node to the coordinator's listener; never blocks; may wait for the next message.</summary>
    /// <param name="happened">The event.</param>
    void Publish(in RunEvent happened);
}

/// <summary>A node's receiving side, called by a transport from any thread.</summary>
public interface IInbox
{
    /// <summary>Hands a message over; ownership of its payload moves.</summary>
    /// <param name="message">The message.</param>
    void Deliver(in Message message);

    /// <summary>Payload bytes delivered from a peer and not yet taken. A transport stops reading from the peer above its budget.</summary>
    /// <param name="from">The peer.</param>
    long PendingBytes(int from);
}
