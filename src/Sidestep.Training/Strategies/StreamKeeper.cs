using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>Keeps a worker's compressor memory in step with its replicas: asks for it when rounds were missed, gives it to joiners.</summary>
internal sealed class StreamKeeper(INode node, ShareWorkerState state)
{
    private readonly RunPlan _plan = state.Plan;
    private readonly bool _remembers = ModelMessage.Remembers(state.Plan);
    private readonly long[] _validBefore = new long[state.Writers.Length];
    private readonly List<Message> _owed = [];

    /// <summary>The newest model waits for memory to arrive.</summary>
    public bool Waiting { get; set; }

    /// <summary>Settles the last shares; asks for memory that is not valid before this round.</summary>
    /// <returns>Whether the round can begin at once.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadyAsync(long round, PayloadLease model, CancellationToken stop)
    {
        if (!_remembers)
        {
            return true;
        }

        Settle(round, ModelMessage.LastUsed(_plan, model));
        Waiting = false;
        for (var row = 0; row < _validBefore.Length; row++)
        {
            if (state.Writers[row] is not null && _validBefore[row] != round)
            {
                Waiting = true;
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.NeedState, Round = round, Row = row }, stop);
            }
        }

        return !Waiting;
    }

    public bool IsReady(long round)
    {
        for (var row = 0; row < _validBefore.Length; row++)
        {
            if (state.Writers[row] is not null && _validBefore[row] != round)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A row's share of a round was encoded: its memory is valid before the next one; those who waited for it get it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WroteAsync(int row, long round, CancellationToken stop)
    {
        _validBefore[row] = round + 1;
        for (var i = _owed.Count - 1; i >= 0; i--)
        {
            if (_owed[i].Row == row)
            {
                var request = _owed[i];
                _owed.RemoveAt(i);
                await SendStateAsync(request, stop);
            }
        }
    }

    /// <summary>Somebody needs the memory of one of our rows: sends it, now or after the share that makes it new enough.</summary>
    public ValueTask GiveAsync(Message request, CancellationToken stop)
    {
        if (_validBefore[request.Row] >= request.Round)
        {
            return SendStateAsync(request, stop);
        }

        _owed.Add(request);
        return default;
    }

    /// <summary>Memory arrived; an empty one starts at zero.</summary>
    public void Load(Message message)
    {
        if (state.Writers[message.Row] is null)
        {
            return;
        }

        if (message.Payload is { Length: > 0 } payload)
        {
            StateBytes.Read(payload.Span, state.Writers[message.Row]!);
        }
        else
        {
            state.Writers[message.Row] = _plan.Uplink!.CreateWriter(
                new StreamKey(_plan.Seed, state.Streams[message.Row]), state.Lengths[message.Row]);
        }

        _validBefore[message.Row] = message.Round;
    }

    private void Settle(long round, ReadOnlySpan<long> lastUsed)
    {
        for (var row = 0; row < _validBefore.Length; row++)
        {
            if (state.Writers[row] is not { } writer || _validBefore[row] == 0)
            {
                continue;
            }

            var last = _validBefore[row] - 1;
            writer.Settle(last, lastUsed[row] == last);

            // Alone with its stream, a slot has given nothing in the rounds it skipped: its memory stays valid.
            if (state.Streams.Replicas(state.Streams[row]) == 1)
            {
                _validBefore[row] = round;
            }
        }
    }

    private async ValueTask SendStateAsync(Message request, CancellationToken stop)
    {
        var receiver = (int)request.Value;
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        StateBytes.Write(state.Writers[request.Row]!, writer);
        using var payload = node.Lease(writer.WrittenCount);
        writer.WrittenSpan.CopyTo(payload.Span);
        await node.SendAsync(
            new Message
            {
                To = receiver < 0 ? Slots.Coordinator : _plan.Code.Table.Rows[receiver].Worker,
                Topic = Topic.State,
                Round = _validBefore[request.Row],
                Row = receiver < 0 ? request.Row : receiver,
                Payload = payload,
            },
            stop);
    }
}
