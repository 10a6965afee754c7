using Sidestep.Training;

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
    string NumericClass) : IDisposable
{
    /// <summary>Class of the run's result: that of the strategy, if the objective repeats itself.</summary>
    public Exactness Exactness => Plan.Repeats ? Strategy.Exactness(Plan) : Exactness.Approximate;

    /// <summary>What the user should know before the run starts; empty: nothing.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string> warnings = [];
            if (!Plan.Repeats)
            {
                warnings.Add("the objective's program does not answer equal questions with equal bytes (or its spec says so): the result is of class E2 and depends on who answered");
            }

            if (Plan.Code.Table.Blocks > 1 && Plan.Code.Guarantee.Exactness == Sidestep.Exactness.Approximate && Plan.Optimizer is Adam or AdamW)
            {
                warnings.Add(
                    $"rounds of code {Plan.Code.Name} may end as projections, where blocks that did not decode are short or zero: {Plan.Optimizer.Name} takes that for small "
                    + "gradients and lengthens later steps; use momentum or sgd, or fewer stragglers, so that every round is decoded before the optimizer sees it");
            }

            return warnings;
        }
    }

    /// <summary>The layers and their cost, if the objective is a network.</summary>
    public NetworkTable? Network { get; init; }

    /// <summary>Samples whose gradient goes into a round, or (where rounds are single gradients) into one of them.</summary>
    public double SamplesPerRound { get; init; }

    /// <summary>Tokens of a sample; 0: the data are no text.</summary>
    public int TokensPerSample { get; init; }

    /// <summary>The program that computes gradients, if there is one; ended with the run.</summary>
    internal IDisposable? Program { get; init; }

    /// <summary>Ends what was started for the run.</summary>
    public void Dispose() => Program?.Dispose();

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
