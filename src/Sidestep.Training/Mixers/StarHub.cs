using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The coordinator's part of <see cref="StarAllReduce"/>; its own vector only receives the mean.</summary>
internal sealed class StarHub(INode node, int length) : IMixing
{
    private readonly MixInbox _inbox = new(node);
    private readonly double[] _sum = new double[length];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MixOutcome> MixAsync(MixRound round, Memory<float> vector, CancellationToken stop)
    {
        MixMembers.Check(round, length, vector);
        try
        {
            var completed = await GatherAsync(round, vector, stop);
            if (completed)
            {
                await SendMeanAsync(round, vector, stop);
            }

            return new MixOutcome(round.Members.Length, completed);
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

    // Vectors are added as they are awaited, in slot order: who is early waits in the mailbox.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> GatherAsync(MixRound round, Memory<float> vector, CancellationToken stop)
    {
        Array.Clear(_sum);
        var total = 0.0;
        for (var i = 0; i < round.Members.Length; i++)
        {
            var got = await _inbox.TakeAsync(round.Number, round.Attempt, round.Members.Span[i], length * sizeof(float), stop);
            if (got is not { } lease)
            {
                return false;
            }

            using (lease)
            {
                WeightedMean.Add(lease.Message.Value, MemoryMarshal.Cast<byte, float>(lease.Message.Payload!.Span), _sum);
                total += lease.Message.Value;
            }
        }

        WeightedMean.Finish(_sum, total, vector.Span);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendMeanAsync(MixRound round, ReadOnlyMemory<float> vector, CancellationToken stop)
    {
        using var payload = node.Lease(length * sizeof(float));
        MemoryMarshal.AsBytes(vector.Span).CopyTo(payload.Span);
        for (var i = 0; i < round.Members.Length; i++)
        {
            await node.SendAsync(
                new Message
                {
                    To = round.Members.Span[i],
                    Topic = Topic.Mix,
                    Round = round.Number,
                    Row = round.Attempt,
                    Value = 1,
                    Payload = payload,
                },
                stop);
        }
    }
}
