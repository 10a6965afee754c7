namespace Sidestep.Training;

/// <summary>Synchronous descent over a gradient code: broadcast the model, collect shares until the decoder is satisfied, decode, step.</summary>
/// <remarks>
/// Guarantee: the code's; with an E0 code and a loss-free or deterministic uplink the model's bytes do not depend on who answered or died.
/// At most s slots missing costs no wait; more are re-issued where the table has on-request rows, else the run waits for them.
/// Cost per round: one model down per session, one share per row up, one decode and one optimizer step at the coordinator.
/// Source: Tandon, Lei, Dimakis, Karampatziakis (ICML 2017) for the scheme; Dean and Barroso (CACM 2013) for re-issuing late work.
/// <code>IStrategy strategy = new CodedDescent(); await strategy.RunAsync(node, strategy.Create(plan, node.Id), stop);</code>
/// </remarks>
public sealed record CodedDescent : IStrategy
{
    /// <inheritdoc/>
    public string Name => "coded-descent";

    /// <inheritdoc/>
    public void Validate(RunPlan plan)
    {
        var problems = PlanProblems.Common(plan);
        PlanProblems.Uplink(plan, problems);
        if (plan.Mixer is not null)
        {
            problems.Add($"strategy {Name} does not mix, but mixer {plan.Mixer.Name} is given: remove it, or use local-descent");
        }

        PlanProblems.Throw(problems);
    }

    /// <inheritdoc/>
    public Exactness Exactness(RunPlan plan) => plan.Uplink is { Traits.Lossless: false }
        ? Sidestep.Exactness.Approximate
        : plan.Code.Guarantee.Exactness;

    /// <inheritdoc/>
    public IPayloadLimits Limits(RunPlan plan) => new ShareLimits(plan);

    /// <inheritdoc/>
    public IRunState Create(RunPlan plan, int id) =>
        id == Slots.Coordinator ? new CoordinatorState(plan) : new ShareWorkerState(plan, id);

    /// <inheritdoc/>
    public Task RunAsync(INode node, IRunState state, CancellationToken stop) => state switch
    {
        CoordinatorState coordinator => new CodedCoordinator(node, coordinator).RunAsync(stop),
        ShareWorkerState worker => new ShareWorker(node, worker).RunAsync(stop),
        _ => throw new ArgumentException($"the state is not one of {Name}", nameof(state)),
    };
}
