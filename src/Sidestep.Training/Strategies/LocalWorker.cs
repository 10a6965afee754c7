using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A worker's program of <see cref="LocalDescent"/>.</summary>
internal sealed class LocalWorker(INode node, LocalWorkerState state, int steps)
{
    private const Topic Heard = Topic.Plan | Topic.Stop | Topic.State | Topic.NeedState;

    private readonly RunPlan _plan = state.Plan;
    private readonly IMixing _mixing = state.Plan.Mixer!.Open(node, state.Plan.Shape);
    private readonly List<Message> _owed = [];
    private Task<MessageLease?>? _heard;
    private LocalPlan? _todo;
    private long _stepped = -1;
    private long _mixedRound = -1;
    private double _loss;

    public async Task RunAsync(CancellationToken stop)
    {
        await using (_mixing)
        {
            while (await HearAsync(stop))
            {
                while (_todo is { } todo && todo.Round == state.Round)
                {
                    _todo = null;
                    await StepAsync(todo.Round, stop);
                    if (!await MixAsync(todo, stop))
                    {
                        return;
                    }
                }
            }
        }
    }

    // Takes one message; false: the run is over.
    private async ValueTask<bool> HearAsync(CancellationToken stop)
    {
        _heard ??= node.ReceiveAsync(new Match(Heard), Timeout.InfiniteTimeSpan, stop).AsTask();
        var got = await _heard;
        _heard = null;
        using var lease = got!.Value;
        var message = lease.Message;
        switch (message.Topic)
        {
            case Topic.Stop:
                return false;
            case Topic.State when message.From == Slots.Coordinator || message.Round > state.Round:
                MemoryMarshal.Cast<byte, float>(message.Payload!.Span).CopyTo(state.Committed);
                state.Round = message.Round;
                _stepped = _mixedRound = -1;
                break;
            case Topic.NeedState when state.Round >= message.Round:
                await GiveAsync(message, stop);
                break;
            case Topic.NeedState:
                _owed.Add(message);
                break;
            case Topic.Plan:
                await TakePlanAsync(LocalPlan.Read(message), stop);
                break;
        }

        return true;
    }

    // A plan for the next round says that the last one took effect everywhere.
    private async ValueTask TakePlanAsync(LocalPlan plan, CancellationToken stop)
    {
        _todo = plan;
        if (plan.Round == state.Round + 1 && _mixedRound == state.Round)
        {
            state.Mixed.CopyTo(state.Committed, 0);
            state.Round = plan.Round;
        }

        for (var i = _owed.Count - 1; i >= 0; i--)
        {
            if (_owed[i].Round <= state.Round)
            {
                var request = _owed[i];
                _owed.RemoveAt(i);
                await GiveAsync(request, stop);
            }
        }
    }

    private async ValueTask GiveAsync(Message request, CancellationToken stop)
    {
        using var payload = node.Lease(_plan.Shape.Length * sizeof(float));
        MemoryMarshal.AsBytes<float>(state.Committed).CopyTo(payload.Span);
        await node.SendAsync(
            new Message { To = (int)request.Value, Topic = Topic.State, Round = state.Round, Row = -1, Payload = payload }, stop);
    }

    private async ValueTask StepAsync(long round, CancellationToken stop)
    {
        if (_stepped == round)
        {
            return;
        }

        state.Committed.CopyTo(state.Local, 0);
        state.ForgetOptimizer();
        _loss = 0;
        for (var step = 0; step < steps; step++)
        {
            var number = (round * steps) + step;
            await node.ComputeAsync(
                new Work(round, state.Slot, Work.PerPartition), (self: this, number), static (s, ct) => s.self.Step(s.number, ct), stop);
        }

        _stepped = round;
    }

    // On the compute lane.
    private void Step(long number, CancellationToken stop)
    {
        state.Work.Begin(number, state.Local);
        if (!state.Work.Next(out var row, stop))
        {
            throw new InvalidOperationException($"slot {state.Slot} has no row to compute");
        }

        // The slot's own partition has n-th part of the round's samples, up to one.
        var scale = _plan.Workers / (double)_plan.Source.Samples(number);
        _loss += state.Work.Write(row, state.Gradient) * scale / steps;
        System.Numerics.Tensors.TensorPrimitives.Multiply(state.Gradient, (float)scale, state.Gradient);
        _plan.Clip?.Apply(state.Gradient, out _);
        state.Optimizer.Step(number, state.Local, state.Gradient);
    }

    // Mixes until done or until a newer plan (or the end) comes; false: the run is over.
    private async ValueTask<bool> MixAsync(LocalPlan todo, CancellationToken stop)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(stop);
        state.Local.CopyTo(state.Mixed, 0);
        var mix = _mixing.MixAsync(new MixRound(todo.Round, todo.Attempt, todo.Members, _loss), state.Mixed, given.Token).AsTask();
        while (!mix.IsCompleted)
        {
            _heard ??= node.ReceiveAsync(new Match(Heard), Timeout.InfiniteTimeSpan, stop).AsTask();
            await Task.WhenAny(mix, _heard);
            if (!_heard.IsCompleted)
            {
                continue;
            }

            var goesOn = await HearAsync(stop);
            if (!goesOn || _todo is not null)
            {
                given.Cancel();
                await mix;
                return goesOn;
            }
        }

        var completed = (await mix).Completed;
        _mixedRound = completed ? todo.Round : _mixedRound;
        await ReportDoneAsync(todo, completed, stop);
        return true;
    }

    private async ValueTask ReportDoneAsync(LocalPlan todo, bool completed, CancellationToken stop)
    {
        using var payload = completed && todo.WantsModel && todo.Members[0] == state.Slot ? node.Lease(_plan.Shape.Length * sizeof(float)) : null;
        if (payload is not null)
        {
            MemoryMarshal.AsBytes<float>(state.Mixed).CopyTo(payload.Span);
        }

        await node.SendAsync(
            new Message { To = Slots.Coordinator, Topic = Topic.Done, Round = todo.Round, Row = todo.Attempt, Value = completed ? _loss : double.NaN, Payload = payload },
            stop);
    }
}
