using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>A mixer's view of its messages: exactly the awaited one, whatever is left of given-up attempts.</summary>
/// <remarks>Rows of one round ascend with the attempt and, from one peer, with the steps of an attempt: a lower row is left over and dropped,
/// a higher one says that the peer is in a later attempt; it is kept for that attempt.</remarks>
internal sealed class MixInbox(INode node) : IDisposable
{
    private readonly List<MessageLease> _early = new(4);

    /// <summary>Waits for one message of a peer. Messages of another length, or with a weight that is no weight, are dropped like noise.</summary>
    /// <param name="round">The round.</param>
    /// <param name="row">The row.</param>
    /// <param name="from">The peer.</param>
    /// <param name="bytes">Payload bytes.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>The message, which the caller disposes; null: the peer has gone on to a later attempt.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MessageLease?> TakeAsync(long round, int row, int from, int bytes, CancellationToken stop)
    {
        var kept = FromEarly(round, row, from, bytes, out var superseded);
        if (kept is not null || superseded)
        {
            return kept;
        }

        while (true)
        {
            var got = await node.ReceiveAsync(new Match(Topic.Mix, round, from), Timeout.InfiniteTimeSpan, stop);
            if (got is not { } lease)
            {
                continue;
            }

            if (lease.Message.Row > row)
            {
                _early.Add(lease);
                return null;
            }

            if (lease.Message.Row == row && IsSound(lease.Message, bytes))
            {
                return lease;
            }

            lease.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lease in _early)
        {
            lease.Dispose();
        }

        _early.Clear();
    }

    private static bool IsSound(in Message message, int bytes) =>
        message.Payload?.Length == bytes && message.Value > 0 && double.IsFinite(message.Value);

    // The kept message of this row, if there is one; what can never be awaited again is dropped.
    private MessageLease? FromEarly(long round, int row, int from, int bytes, out bool superseded)
    {
        superseded = false;
        for (var i = 0; i < _early.Count; i++)
        {
            var lease = _early[i];
            var message = lease.Message;
            var same = message.Round == round && message.From == from;
            if (same && message.Row > row)
            {
                superseded = true;
                return null;
            }

            if (same || message.Round < round)
            {
                _early.RemoveAt(i--);
                if (same && message.Row == row && IsSound(message, bytes))
                {
                    return lease;
                }

                lease.Dispose();
            }
        }

        return null;
    }
}
