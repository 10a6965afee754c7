namespace Sidestep.Training;

/// <summary>Local descent: every slot takes H steps on its own partition, then all parameters are averaged by a mixer.</summary>
/// <remarks>
/// The coordinator plans rounds (members, attempts) and commits them: a member that dies in mid-mix makes the others mix again without it,
/// from their unmixed vectors. A new session gets the committed parameters from a living member. The inner optimizer starts afresh every round,
/// so that joiners and continued runs are like everybody else. E2: the mean over members is not the full-batch step.
/// Source: Stich, "Local SGD converges fast and communicates little" (ICLR 2019).
/// <code>IStrategy strategy = new LocalDescent(steps: 8);</code>
/// </remarks>
/// <param name="Steps">Local steps per round (H), at least 1.</param>
public sealed record LocalDescent(int Steps) : IStrategy
{
    /// <inheritdoc/>
    public string Name => "local-descent";

    /// <inheritdoc/>
    public void Validate(RunPlan plan)
    {
        var problems = PlanProblems.Common(plan);
        PlanProblems.SumsOnly(plan, Name, problems);
        if (Steps < 1)
        {
            problems.Add($"steps is {Steps}: at least 1 local step is needed");
        }

        if (plan.Mixer is null)
        {
            problems.Add($"strategy {Name} needs a mixer: ring-all-reduce, or star-all-reduce");
        }

        if (plan.Uplink is not null)
        {
            problems.Add($"strategy {Name} sends parameters through its mixer, so compressor {plan.Uplink.Name} would do nothing: use compress none");
        }

        if (plan.Plateau is not null)
        {
            problems.Add($"strategy {Name} steps at its workers, which do not see evaluations, so schedule plateau would do nothing: use step or exponential, or coded-descent");
        }

        PlanProblems.Throw(problems);
    }

    /// <inheritdoc/>
    public Exactness Exactness(RunPlan plan) => Sidestep.Exactness.Approximate;

    /// <inheritdoc/>
    public IPayloadLimits Limits(RunPlan plan) => new LocalLimits(plan);

    /// <inheritdoc/>
    public IRunState Create(RunPlan plan, int id) =>
        id == Slots.Coordinator ? new CoordinatorState(plan) : new LocalWorkerState(plan, id);

    /// <inheritdoc/>
    public Task RunAsync(INode node, IRunState state, CancellationToken stop) => state switch
    {
        CoordinatorState coordinator => new LocalCoordinator(node, coordinator).RunAsync(stop),
        LocalWorkerState worker => new LocalWorker(node, worker, Steps).RunAsync(stop),
        _ => throw new ArgumentException($"the state is not one of {Name}", nameof(state)),
    };

    private sealed class LocalLimits(RunPlan plan) : IPayloadLimits
    {
        private readonly int _model = plan.Shape.Length * sizeof(float);
        private readonly (int Least, int Most) _mix = plan.Mixer!.MessageBytes(plan.Shape, plan.Workers);

        public (int Least, int Most) For(Topic topic, int row) => topic switch
        {
            Topic.State => (_model, _model),
            Topic.Done => (0, _model),
            Topic.Plan => (sizeof(int), plan.Workers * sizeof(int)),
            Topic.Mix => _mix,
            _ => (0, 0),
        };
    }
}
