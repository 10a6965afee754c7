namespace Sidestep.Training;

/// <summary>Asynchronous descent with bounded staleness: every arriving gradient is applied at once, nobody waits for anybody.</summary>
/// <remarks>
/// A round is one applied update. A share computed at version v arrives at version t with staleness t − v; above the bound it is dropped
/// (its sender gets the newest model), else the optimizer steps along n/N × its sum. E2: the result depends on timing, except on the simulator.
/// A slot that is always staler than the bound never contributes; the ledger shows it as late.
/// Source: Recht, Ré, Wright, Niu (NIPS 2011) and Ho et al. (NIPS 2013) for the bound.
/// <code>IStrategy strategy = new AsyncDescent(maxStaleness: 8);</code>
/// </remarks>
/// <param name="MaxStaleness">Largest staleness that is applied; at least 0.</param>
public sealed record AsyncDescent(int MaxStaleness) : IStrategy
{
    /// <inheritdoc/>
    public string Name => "async-descent";

    /// <inheritdoc/>
    public void Validate(RunPlan plan)
    {
        var problems = PlanProblems.Asynchronous(plan, Name);
        if (MaxStaleness < 0)
        {
            problems.Add($"maxStaleness is {MaxStaleness}: at least 0 is needed (0 applies only gradients of the newest model)");
        }

        PlanProblems.Throw(problems);
    }

    /// <inheritdoc/>
    public Exactness Exactness(RunPlan plan) => Sidestep.Exactness.Approximate;

    /// <inheritdoc/>
    public IPayloadLimits Limits(RunPlan plan) => new ShareLimits(plan);

    /// <inheritdoc/>
    public IRunState Create(RunPlan plan, int id) =>
        id == Slots.Coordinator ? new CoordinatorState(plan) : new ShareWorkerState(plan, id);

    /// <inheritdoc/>
    public Task RunAsync(INode node, IRunState state, CancellationToken stop) => state switch
    {
        CoordinatorState coordinator => new AsyncCoordinator(
            node, coordinator, new BoundedStaleness(coordinator.Plan.Workers, MaxStaleness)).RunAsync(stop),
        ShareWorkerState worker => new ShareWorker(node, worker).RunAsync(stop),
        _ => throw new ArgumentException($"the state is not one of {Name}", nameof(state)),
    };
}
