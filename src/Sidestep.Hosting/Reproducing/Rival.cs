namespace Sidestep.Hosting;

/// <summary>What a rival does about late workers.</summary>
public enum RivalKind
{
    /// <summary>Nothing: it waits for all.</summary>
    Waits,

    /// <summary>Work is done again, or by others, when it is seen to be late.</summary>
    OnDemand,

    /// <summary>Work is done more than once in advance, by a code.</summary>
    Coded,

    /// <summary>What is late is left out, or used late.</summary>
    Approximate,
}

/// <summary>One of the schemes that are compared: a code under a strategy.</summary>
/// <param name="Name">Its name in tables: the catalog's, with its parameters.</param>
/// <param name="Mark">A few letters for maps.</param>
/// <param name="Kind">What it does about late workers.</param>
/// <param name="Code">The code.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="StepsPerRound">Steps that use as many gradients as a round: 1, or the number of workers where every gradient is a step of its own.</param>
public sealed record Rival(string Name, string Mark, RivalKind Kind, CodeSpec Code, StrategySpec Strategy, int StepsPerRound = 1)
{
    /// <summary>The largest rate that is tried, as a multiple of the best one of exact schemes.</summary>
    public double LargestRate { get; init; } = 1;

    /// <summary>How many numbers of rounds a round's computations of one worker pass over: where every gradient is a step, versions count, and a clock counts a worker's own.</summary>
    public int LabelsPerRound => Strategy.Slack is null ? StepsPerRound : 1;

    /// <summary>Whether its rounds have the bytes, or up to rounding the values, of undisturbed rounds.</summary>
    public bool IsExact => Kind != RivalKind.Approximate;

    /// <summary>Simulates it; its rounds, and those of the warm-up, are as many gradients as a round of the others has.</summary>
    /// <param name="scene">A scene of this scheme.</param>
    /// <param name="stop">Ends it at once.</param>
    public SchemeTimes Play(SchemeScene scene, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(scene);
        return SchemeSimulation.Run(scene with { Rounds = scene.Rounds * StepsPerRound, WarmUp = scene.WarmUp * StepsPerRound }, stop);
    }
}
