namespace Sidestep.Training;

/// <summary>Stale-synchronous descent: workers run ahead, but none more than a slack of clocks before the slowest.</summary>
/// <remarks>
/// A worker's clock counts its applied gradients; it gets its next model when no living worker's clock is more than <paramref name="Slack"/> behind its own.
/// Law: no gradient is computed at a model that lacks an update of a clock ≤ c − slack − 1, c the worker's clock; clocks differ by at most slack + 1.
/// A round is one applied gradient, n rounds are one clock of everybody; each gradient steps along 1/N of its sum, so slack 0 with plain gradient descent is
/// synchronous descent. A dead worker is not waited for. E2: the result depends on timing, except on the simulator.
/// Cost: one model down and one share up per update. Hides jitter, not a worker that is always slow: after slack clocks everybody goes at its speed.
/// Source: Ho, Cipar, Cui, Lee, Kim, Gibbons, Gibson, Ganger, Xing, "More Effective Distributed ML via a Stale Synchronous Parallel Parameter Server", NIPS 2013.
/// <code>IStrategy strategy = new StaleSynchronous(slack: 3);</code>
/// </remarks>
/// <param name="Slack">Clocks a worker may be ahead of the slowest; at least 0 (synchronous).</param>
public sealed record StaleSynchronous(int Slack) : IStrategy
{
    /// <inheritdoc/>
    public string Name => "stale-synchronous";

    /// <inheritdoc/>
    public void Validate(RunPlan plan)
    {
        var problems = PlanProblems.Asynchronous(plan, Name);
        if (Slack < 0)
        {
            problems.Add($"slack is {Slack}: at least 0 is needed (0 is synchronous)");
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
            node, coordinator, new BoundedLead(coordinator.Plan.Workers, Slack, coordinator.Round / coordinator.Plan.Workers)).RunAsync(stop),
        ShareWorkerState worker => new ShareWorker(node, worker).RunAsync(stop),
        _ => throw new ArgumentException($"the state is not one of {Name}", nameof(state)),
    };
}
