using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A worker's part of <see cref="RingAllReduce"/>.</summary>
internal sealed class RingMember(INode node, int length) : IMixing
{
    private readonly MixInbox _inbox = new(node);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MixOutcome> MixAsync(MixRound round, Memory<float> vector, CancellationToken stop)
    {
        MixMembers.Check(round, length, vector);
        var plan = new RingPlan(MixMembers.Place(round, node.Id), round.Members.Length, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Count, RingPlan.MostMembers);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round.Attempt, RingPlan.MostAttempts);
        try
        {
            var completed = await PassAroundAsync(round, plan, vector, stop);
            return new MixOutcome(plan.Count, completed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new MixOutcome(plan.Count, false);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> PassAroundAsync(MixRound round, RingPlan plan, Memory<float> vector, CancellationToken stop)
    {
        var parcel = plan.Steps == 0 ? default : Pack(vector.Span[plan.Received(-1)], round.Weight);
        for (var step = 0; step < plan.Steps; step++)
        {
            var chunk = vector[plan.Received(step)];
            var got = await ExchangeAsync(round, plan, step, parcel, chunk.Length * sizeof(float), stop);
            if (got is null && chunk.Length > 0)
            {
                return false;
            }

            parcel = plan.Averages(step)
                ? Average(got, chunk.Span, round.Weight, plan.Finishes(step))
                : HandOn(got, chunk.Span);
        }

        parcel.Payload?.Dispose();
        return true;
    }

    // Sends a parcel, whose payload it gives back, and takes the next one meanwhile: no member waits for another's queue before it listens.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MessageLease?> ExchangeAsync(
        MixRound round, RingPlan plan, int step, Parcel parcel, int bytes, CancellationToken stop)
    {
        using var payload = parcel.Payload;
        var row = RingPlan.Row(round.Attempt, step);
        var sending = payload is null ? default : node.SendAsync(
            new Message
            {
                To = round.Members.Span[plan.Next],
                Topic = Topic.Mix,
                Round = round.Number,
                Row = row,
                Value = parcel.Weight,
                Payload = payload,
            },
            stop);
        MessageLease? got = null;
        try
        {
            if (bytes > 0)
            {
                got = await _inbox.TakeAsync(round.Number, row, round.Members.Span[plan.Previous], bytes, stop);
            }
        }
        finally
        {
            await EndSendAsync(sending, got);
        }

        return got;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask EndSendAsync(ValueTask sending, MessageLease? got)
    {
        try
        {
            await sending;
        }
        catch
        {
            got?.Dispose();
            throw;
        }
    }

    private Parcel Pack(ReadOnlySpan<float> chunk, double weight)
    {
        if (chunk.IsEmpty)
        {
            return default;
        }

        var payload = node.Lease(chunk.Length * sizeof(float));
        MemoryMarshal.AsBytes(chunk).CopyTo(payload.Span);
        return new Parcel(payload, weight);
    }

    // What was received may be shared with its sender, so the new mean goes to new memory.
    private Parcel Average(MessageLease? got, Span<float> mine, double weight, bool final)
    {
        if (got is not { } lease)
        {
            return default;
        }

        using (lease)
        {
            var payload = node.Lease(mine.Length * sizeof(float));
            var mean = MemoryMarshal.Cast<byte, float>(payload.Span);
            var total = lease.Message.Value + weight;
            RunningMean.Step(MemoryMarshal.Cast<byte, float>(lease.Message.Payload!.Span), mine, weight / total, mean);
            if (final)
            {
                mean.CopyTo(mine);
            }

            return new Parcel(payload, total);
        }
    }

    private static Parcel HandOn(MessageLease? got, Span<float> mine)
    {
        if (got is not { } lease)
        {
            return default;
        }

        MemoryMarshal.Cast<byte, float>(lease.Message.Payload!.Span).CopyTo(mine);
        return new Parcel(lease.Message.Payload, lease.Message.Value);
    }

    private readonly record struct Parcel(PayloadLease? Payload, double Weight);
}
