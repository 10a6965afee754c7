namespace Sidestep.Training;

/// <summary>Measures the coordinator's model on the plan's sets and draws the conclusions: the best model, the rate, an early end.</summary>
internal static class Measuring
{
    /// <summary>Measures on every set and takes the watched metric into account.</summary>
    /// <param name="node">The coordinator's node.</param>
    /// <param name="state">The state at a round boundary; ended if its watch says so.</param>
    /// <param name="clock">The coordinator's clock.</param>
    /// <param name="isEnd">Whether only the end of the run brings this evaluation: then it counts for the best model alone.</param>
    /// <param name="stop">Cancels.</param>
    public static async ValueTask RunAsync(INode node, CoordinatorState state, CoordinatorClock clock, bool isEnd, CancellationToken stop)
    {
        state.EvaluatedAt = state.Round;
        double? watched = null;
        foreach (var set in state.Plan.Evaluations)
        {
            var began = clock.Now;
            var measured = new Measured(set, state);
            await node.ComputeAsync(new Work(state.Round, -1, 0), measured, static (m, ct) => m.Run(ct), stop);
            clock.Report(Slots.Coordinator, state.Round, -1, Phase.Evaluate, began, measured.Result["loss"], set.Name);
            foreach (var (name, value) in measured.Result.Metrics)
            {
                var full = set.FullName(name);
                clock.Report(Slots.Coordinator, state.Round, -1, Phase.Metric, began, value, full);
                watched = full == state.Plan.Watch?.Metric ? value : watched;
            }
        }

        if (state.Plan.Watch is not null)
        {
            // An objective that did not add the metric this time has nothing to show for it.
            Conclude(state, clock, watched ?? double.NaN, isEnd);
        }
    }

    private static void Conclude(CoordinatorState state, CoordinatorClock clock, double value, bool isEnd)
    {
        var isBetter = isEnd ? state.Watched.ObserveEnd(state.Round, value) : state.Watched.Observe(state.Round, value);
        if (isBetter)
        {
            var began = clock.Now;
            state.Plan.Checkpoints?.Improved(state);
            clock.Report(Slots.Coordinator, state.Round, -1, Phase.Best, began, value, state.Plan.Watch!.Metric);
        }

        if (!isEnd)
        {
            state.ScaleRate();
            if (state.Watched.Ending() is { } reason)
            {
                state.End(RunStatus.Finished, reason);
            }
        }
    }

    private sealed class Measured(EvaluationSet set, CoordinatorState state)
    {
        public Evaluation Result { get; private set; } = new([]);

        // On the compute lane.
        public void Run(CancellationToken stop) => Result = set.Measure(state.Model, stop);
    }
}
