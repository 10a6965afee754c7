namespace Sidestep.Training;

/// <summary>What coordinators do at round boundaries, while they wait, and at the end of a run.</summary>
internal static class RunEnding
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    // A drained run gives the present round this long before it is given up (its effect is not lost: nothing was committed).
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    /// <summary>Evaluations and snapshots that are due, an early end they bring, the last round's end, and draining.</summary>
    public static async ValueTask AtBoundaryAsync(
        INode node, CoordinatorState state, CoordinatorClock clock, StateRelay relay, CancellationToken stop)
    {
        var plan = state.Plan;
        if (state.Status != RunStatus.Running)
        {
            return;
        }

        if (plan.EvaluateEvery > 0 && state.Round % plan.EvaluateEvery == 0)
        {
            await Measuring.RunAsync(node, state, clock, isEnd: false, stop);
        }

        if (state.Status == RunStatus.Running && state.Round >= plan.Rounds)
        {
            state.End(RunStatus.Finished, string.Empty);
        }

        if (state.Status != RunStatus.Running)
        {
            return;
        }

        if (plan.Drain.IsCancellationRequested)
        {
            state.End(RunStatus.Preempted, $"drained after round {state.Round}");
        }
        else if (plan.Checkpoints?.Due(state.Round) ?? false)
        {
            await SaveAsync(state, clock, relay, stop);
        }
    }

    /// <summary>Looks at the drain token and at how long slots have been missing.</summary>
    public static void Glance(CoordinatorState state, CoordinatorClock clock, SlotLedger slots, TimeSpan progress, ref TimeSpan told)
    {
        var plan = state.Plan;
        var waited = clock.Now - progress;
        var missing = slots.Count - slots.There;
        if (plan.Drain.IsCancellationRequested && waited > DrainPatience)
        {
            state.End(RunStatus.Preempted, $"drained before round {state.Round} was complete; it will be done again");
        }
        else if (missing > plan.Code.Guarantee.Stragglers && waited > plan.QuorumTimeout)
        {
            state.End(
                RunStatus.QuorumLost,
                $"round {state.Round} waited {plan.QuorumTimeout.TotalSeconds:0.#} s for slots {slots.Missing()}: {missing} are missing, code {plan.Code.Name} tolerates {plan.Code.Guarantee.Stragglers}");
        }
        else if (missing > 0 && waited > TellEvery && clock.Now - told > TellEvery)
        {
            told = clock.Now;
            clock.Report(Slots.Coordinator, state.Round, -1, Phase.Missing, progress, missing);
        }
    }

    /// <summary>Evaluates or saves, as the status asks, and tells every worker that the run is over.</summary>
    public static async ValueTask FinishAsync(
        INode node, CoordinatorState state, CoordinatorClock clock, StateRelay relay, SlotLedger slots, CancellationToken stop)
    {
        if (state.Round >= state.Plan.Rounds && state.Status == RunStatus.Running)
        {
            state.End(RunStatus.Finished, string.Empty);
        }

        if (state.Status is not RunStatus.Diverged && state.Plan.Checkpoints is not null)
        {
            await SaveAsync(state, clock, relay, stop);
        }

        for (var slot = 0; slot < slots.Count; slot++)
        {
            // Not waited for: a slot that reads nothing must not keep the others from hearing of the end.
            var send = node.SendAsync(new Message { To = slot, Topic = Topic.Stop, Round = state.Round, Row = -1 }, stop);
            if (!send.IsCompleted)
            {
                _ = send.AsTask();
            }
        }

        if (state.Status == RunStatus.Finished && state.EvaluatedAt != state.Round)
        {
            await Measuring.RunAsync(node, state, clock, isEnd: true, stop);
        }
    }

    private static async ValueTask SaveAsync(CoordinatorState state, CoordinatorClock clock, StateRelay relay, CancellationToken stop)
    {
        var began = clock.Now;
        await relay.GatherAsync(stop);
        state.Plan.Checkpoints!.Save(state);
        state.Gathered.Clear();
        clock.Report(Slots.Coordinator, state.Round, -1, Phase.Checkpoint, began);
    }
}
