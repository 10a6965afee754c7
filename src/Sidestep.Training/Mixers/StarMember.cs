using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A worker's part of <see cref="StarAllReduce"/>.</summary>
internal sealed class StarMember(INode node, int length) : IMixing
{
    private readonly MixInbox _inbox = new(node);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MixOutcome> MixAsync(MixRound round, Memory<float> vector, CancellationToken stop)
    {
        MixMembers.Check(round, length, vector);
        MixMembers.Place(round, node.Id);
        try
        {
            await SendAsync(round, vector, stop);
            var got = await _inbox.TakeAsync(round.Number, round.Attempt, Slots.Coordinator, length * sizeof(float), stop);
            using var lease = got ?? default;
            lease.Message.Payload?.Span.CopyTo(MemoryMarshal.AsBytes(vector.Span));
            return new MixOutcome(round.Members.Length, got is not null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new MixOutcome(round.Members.Length, false);
        }
    }

    public void Save(IStateWriter writer)
    {
        // Stateless between rounds.
    }

    public void Load(IStateReader reader)
    {
        // Stateless between rounds.
    }

    public ValueTask DisposeAsync()
    {
        _inbox.Dispose();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(MixRound round, ReadOnlyMemory<float> vector, CancellationToken stop)
    {
        using var payload = node.Lease(length * sizeof(float));
        MemoryMarshal.AsBytes(vector.Span).CopyTo(payload.Span);
        await node.SendAsync(
            new Message
            {
                To = Slots.Coordinator,
                Topic = Topic.Mix,
                Round = round.Number,
                Row = round.Attempt,
                Value = round.Weight,
                Payload = payload,
            },
            stop);
    }
}
