using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>Keeps a worker's compressor memory in step with its replicas: asks for it when rounds were missed, gives it to joiners.</summary>
internal sealed class StreamKeeper(INode node, ShareWorkerState state)
{
    /// <summary>Instead of a round, in a message to the coordinator: the memory was given to me.</summary>
    public const long WasGiven = -1;

    /// <summary>Instead of a round, in a message to the coordinator: nobody had the memory, it starts at zero.</summary>
    public const long StartedAtZero = -2;

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
    public ValueTask WroteAsync(int row, long round, CancellationToken stop)
    {
        _validBefore[row] = round + 1;
        return PayAsync(row, stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PayAsync(int row, CancellationToken stop)
    {
        for (var i = _owed.Count - 1; i >= 0; i--)
        {
            if (_owed[i].Row == row && _validBefore[row] >= _owed[i].Round)
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
        if ((uint)request.Row >= (uint)_validBefore.Length || state.Writers[request.Row] is null
            || request.Value < Slots.Coordinator || request.Value >= _validBefore.Length)
        {
            return default;
        }

        if (_validBefore[request.Row] >= request.Round)
        {
            return SendStateAsync(request, stop);
        }

        if (request.Value < 0)
        {
            // Only the newest snapshot is still waited for.
            _owed.RemoveAll(o => o.Value < 0 && o.Row == request.Row);
        }

        _owed.Add(request);
        return default;
    }

    /// <summary>Memory arrived; an empty one starts at zero. It is taken only while it is needed: a late copy must not replace what was written since.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask LoadAsync(Message message, PayloadLease model, CancellationToken stop)
    {
        var row = message.Row;
        if (!Waiting || (uint)row >= (uint)_validBefore.Length || state.Writers[row] is null || _validBefore[row] == state.Round)
        {
            return;
        }

        Take(message, model);
        if (_validBefore[row] >= state.Round)
        {
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.NeedState, Round = message.Payload is null ? StartedAtZero : WasGiven, Row = row }, stop);
            await PayAsync(row, stop);
        }
    }

    private void Take(Message message, PayloadLease model)
    {
        var row = message.Row;
        if (message.Payload is { Length: > 0 } payload)
        {
            try
            {
                StateBytes.Read(payload.Span, state.Writers[row]!);
            }
            catch (MalformedException)
            {
                // Damaged on the way: it is asked for again with the next model.
                _validBefore[row] = -1;
                return;
            }

            // The giver may have saved it before its last share was settled.
            if (message.Round == state.Round && state.Writers[row] is IFeedbackMemory { ValidAfter: >= 0 and var last })
            {
                state.Writers[row]!.Settle(last, ModelMessage.LastUsed(_plan, model)[row] == last);
            }
        }
        else
        {
            state.Writers[row] = _plan.Uplink!.CreateWriter(new StreamKey(_plan.Seed, state.Streams[row]), state.Lengths[row]);
        }

        _validBefore[row] = message.Round;
    }

    private void Settle(long round, ReadOnlySpan<long> lastUsed)
    {
        for (var row = 0; row < _validBefore.Length; row++)
        {
            if (state.Writers[row] is not { } writer || _validBefore[row] <= 0)
            {
                continue;
            }

            // Alone with its stream, a slot has given nothing in the rounds it skipped: its memory stays valid. A replica's does not.
            var alone = state.Streams.Replicas(state.Streams[row]) == 1;
            var last = writer is IFeedbackMemory memory ? memory.ValidAfter : _validBefore[row] - 1;
            if (alone || _validBefore[row] == round)
            {
                writer.Settle(last, lastUsed[row] == last);
            }

            _validBefore[row] = alone ? round : _validBefore[row];
        }
    }

    private async ValueTask SendStateAsync(Message request, CancellationToken stop)
    {
        var receiver = (int)request.Value;
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        var memory = state.Writers[request.Row]!;

        // A snapshot in the middle of a round wants the memory before the share that is already written.
        var before = _validBefore[request.Row] == request.Round + 1 && memory is IFeedbackMemory { HeldBefore.IsEmpty: false };
        StateBytes.Write(before ? new MemoryBefore((IFeedbackMemory)memory) : memory, writer);
        using var payload = node.Lease(writer.WrittenCount);
        writer.WrittenSpan.CopyTo(payload.Span);
        await node.SendAsync(
            new Message
            {
                To = receiver < 0 ? Slots.Coordinator : _plan.Code.Table.Rows[receiver].Worker,
                Topic = Topic.State,
                Round = before ? request.Round : _validBefore[request.Row],
                Row = receiver < 0 ? request.Row : receiver,
                Payload = payload,
            },
            stop);
    }

    private sealed class MemoryBefore(IFeedbackMemory memory) : ISnapshot
    {
        public void Save(IStateWriter writer) => memory.SaveBefore(writer);

        public void Load(IStateReader reader) => throw new InvalidOperationException("a view of a memory is only saved");
    }
}
