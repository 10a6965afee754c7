namespace Sidestep;

/// <summary>Something to compute, as the node's clock, ledger and weather see it.</summary>
/// <param name="Round">The round it belongs to.</param>
/// <param name="Row">The row, or −1: not for one row.</param>
/// <param name="Cost">Millionths of one partition gradient (<see cref="PerPartition"/>).</param>
public readonly record struct Work(long Round, int Row, long Cost)
{
    /// <summary>The cost of one partition gradient.</summary>
    public const long PerPartition = 1_000_000;
}

/// <summary>Well-known node ids. Slots are workers, numbered from 0.</summary>
public static class Slots
{
    /// <summary>The coordinator; it is not a slot.</summary>
    public const int Coordinator = -1;
}

/// <summary>The only door to time, chance, peers and processor; single-threaded behind it on every fabric.</summary>
/// <remarks>Code behind a node awaits only this node's methods (never <c>ConfigureAwait(false)</c>); its continuations run one at a time on the node's pump.</remarks>
public interface INode
{
    /// <summary>The slot, or <see cref="Slots.Coordinator"/>.</summary>
    int Id { get; }

    /// <summary>Epoch of the code table in force.</summary>
    Epoch Epoch { get; }

    /// <summary>The node's clock: virtual on the simulator.</summary>
    TimeProvider Time { get; }

    /// <summary>Time since the run's start, the same origin on every node and for every <see cref="RunEvent"/>. Between processes the origins
    /// agree up to half the shortest round trip of the handshake.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>The same node, restricted to a group and a channel: sends are stamped with the channel, receives see only it.</summary>
    /// <param name="members">The group.</param>
    /// <param name="channel">A number other than 0.</param>
    INode Within(ReadOnlyMemory<int> members, ushort channel);

    /// <summary>A stream of random numbers; a pure function of (seed, purpose, slot, round, index).</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="round">The round.</param>
    /// <param name="index">A further counter.</param>
    Rng Rng(Purpose purpose, long round, long index = 0);

    /// <summary>Leases payload memory from the node's pool, with one reference held by the caller.</summary>
    /// <param name="lengthBytes">Bytes.</param>
    PayloadLease Lease(int lengthBytes);

    /// <summary>Sends a message. The payload is retained, not copied, until it is on its way; the caller keeps (and disposes) its own reference
    /// and must not change the bytes any more. Completes when the message is queued; waits while the peer's queue is full.
    /// A peer that is not there swallows the message: weather is data, its loss is reported by <see cref="Topic.Lost"/>.</summary>
    /// <param name="message">The message; <see cref="Message.To"/> says where, <see cref="Message.From"/> is set by the node.</param>
    /// <param name="stop">Cancels waiting.</param>
    ValueTask SendAsync(in Message message, CancellationToken stop = default);

    /// <summary>Takes the oldest message that matches; the caller disposes it.</summary>
    /// <param name="match">What to take.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever; zero to look only.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Null: timed out.</returns>
    ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default);

    /// <summary>Runs work on the node's compute lane, one job at a time; messages are received meanwhile.</summary>
    /// <param name="cost">What it is and costs: moves the virtual clock, drives emulated compute and weather.</param>
    /// <param name="state">Passed to the work.</param>
    /// <param name="work">Synchronous code; must not touch the node.</param>
    /// <param name="stop">Handed to the work.</param>
    ValueTask ComputeAsync<TState>(Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default);

    /// <summary>Tells listeners what happened; never blocks.</summary>
    /// <param name="happened">The event.</param>
    void Report(in RunEvent happened);
}
