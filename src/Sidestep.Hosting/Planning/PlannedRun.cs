namespace Sidestep.Hosting;

/// <summary>A spec turned into what fabrics and strategies take.</summary>
/// <param name="Resolved">The spec.</param>
/// <param name="Strategy">The training method.</param>
/// <param name="Plan">The plan every node runs.</param>
/// <param name="Weather">Rehearsed weather.</param>
/// <param name="Compute">How long computations take.</param>
/// <param name="Respawn">Time between a death and the slot's next session; null: it does not come back.</param>
/// <param name="NumericClass">Processes of one numeric class compute equal bits.</param>
public sealed record PlannedRun(
    ResolvedSpec Resolved,
    IStrategy Strategy,
    RunPlan Plan,
    Weather Weather,
    ComputeModel Compute,
    TimeSpan? Respawn,
    string NumericClass)
{
    /// <summary>Options of a fabric for this run.</summary>
    /// <param name="plan">The plan in force (with a drain token, for example).</param>
    /// <param name="listener">Hears every event.</param>
    public FabricOptions Fabric(RunPlan plan, Action<RunEvent>? listener) => new()
    {
        Workers = plan.Workers,
        Seed = plan.Seed,
        Limits = Strategy.Limits(plan),
        Weather = Weather,
        Compute = Compute,
        Respawn = Respawn,
        Listener = listener,
    };
}
