using System.Collections.Immutable;

namespace Sidestep;

/// <summary>A training method: one program that every node runs. Immutable recipe; all state is in an object that can be saved.</summary>
public interface IStrategy
{
    /// <summary>The name in the catalog.</summary>
    string Name { get; }

    /// <summary>Refuses unsound plans before anything starts.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="CompositionException">All problems at once, each with its reason and the nearest sound choice.</exception>
    void Validate(RunPlan plan);

    /// <summary>Class of the run's result under this plan.</summary>
    /// <param name="plan">The plan.</param>
    Exactness Exactness(RunPlan plan);

    /// <summary>Sizes of the messages the strategy expects; transports refuse all others before they allocate.</summary>
    /// <param name="plan">The plan.</param>
    IPayloadLimits Limits(RunPlan plan);

    /// <summary>Creates the state of one node.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="id">The slot, or <see cref="Slots.Coordinator"/>.</param>
    IRunState Create(RunPlan plan, int id);

    /// <summary>Runs the node's part until the run is over, the coordinator says stop, or <paramref name="stop"/>.</summary>
    /// <param name="node">The door to everything.</param>
    /// <param name="state">What <see cref="Create"/> made, possibly loaded from a snapshot.</param>
    /// <param name="stop">Ends at once.</param>
    Task RunAsync(INode node, IRunState state, CancellationToken stop);
}

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>Rounds are still to be done.</summary>
    Running = 0,

    /// <summary>All rounds are done.</summary>
    Finished = 1,

    /// <summary>Drained at a round boundary; can be continued.</summary>
    Preempted = 2,

    /// <summary>Too many slots were missing for too long; can be continued.</summary>
    QuorumLost = 3,

    /// <summary>Loss or parameters are no longer finite.</summary>
    Diverged = 4,
}

/// <summary>The state of one node's part of a run.</summary>
public interface IRunState : ISnapshot
{
    /// <summary>Rounds done.</summary>
    long Round { get; }

    /// <summary>How the run stands.</summary>
    RunStatus Status { get; }

    /// <summary>A sentence on why the run stands so, for people (who is missing, what diverged), or empty.</summary>
    string Reason { get; }

    /// <summary>The parameters (coordinator: the run's result).</summary>
    ReadOnlyMemory<float> Model { get; }

    /// <summary>Trajectory hash so far, hexadecimal (coordinator).</summary>
    string TrajectoryHash { get; }

    /// <summary>The best model so far (coordinator); null: none was measured.</summary>
    BestModel? Best => null;
}

/// <summary>Where snapshots of the coordinator's state go.</summary>
public interface ICheckpoints
{
    /// <summary>Whether a snapshot is wanted after this many rounds.</summary>
    /// <param name="round">Rounds done.</param>
    bool Due(long round);

    /// <summary>Saves; returns when the snapshot is durable.</summary>
    /// <param name="state">The state at a round boundary.</param>
    void Save(IRunState state);

    /// <summary>The model is better than all before it, see <see cref="IRunState.Best"/>; returns when what is kept of it is durable.</summary>
    /// <param name="state">The state at a round boundary.</param>
    void Improved(IRunState state)
    {
    }
}

/// <summary>Everything that defines a run, the same on every node. What a part does not use stays null.</summary>
public sealed record RunPlan
{
    /// <summary>Number of slots (n).</summary>
    public required int Workers { get; init; }

    /// <summary>Rounds to do.</summary>
    public required long Rounds { get; init; }

    /// <summary>The seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The model's objective; one instance per call, since instances hold scratch memory.</summary>
    public required Func<IObjective> Objective { get; init; }

    /// <summary>Whether equal arguments give the objective's loss and gradient equal bytes, in every process; without it no result is exact.</summary>
    public bool Repeats { get; init; } = true;

    /// <summary>The model's shape.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>The gradient code.</summary>
    public required ICode<float> Code { get; init; }

    /// <summary>What a block is.</summary>
    public BlockLayout Layout { get; init; } = BlockLayout.Whole;

    /// <summary>What workers compute.</summary>
    public required IShareSource<float> Source { get; init; }

    /// <summary>Compression of shares on their way up; null: raw float32.</summary>
    public ICompressor<float>? Uplink { get; init; }

    /// <summary>The mixer, for strategies that mix.</summary>
    public IMixer? Mixer { get; init; }

    /// <summary>The optimizer.</summary>
    public required IOptimizer Optimizer { get; init; }

    /// <summary>Bounds on the mean gradient; null: none.</summary>
    public GradientClip? Clip { get; init; }

    /// <summary>The start point; empty: what the objective initializes.</summary>
    public ReadOnlyMemory<float> Initial { get; init; }

    /// <summary>The sets the model is measured on, in this order (coordinator); empty: none.</summary>
    public ImmutableArray<EvaluationSet> Evaluations { get; init; } = [];

    /// <summary>Which metric says how good a model is, and when to stop early; null: no best model is kept (coordinator).</summary>
    public Watch? Watch { get; init; }

    /// <summary>Lowers the rate when the watched metric gets no better; null: never (coordinator).</summary>
    public Plateau? Plateau { get; init; }

    /// <summary>Rounds between evaluations; 0: at the end only.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Rounds between links of the trajectory hash.</summary>
    public long HashEvery { get; init; } = 50;

    /// <summary>How long to wait for missing slots before the run ends with <see cref="RunStatus.QuorumLost"/>.</summary>
    public TimeSpan QuorumTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Snapshots of the coordinator, null: none.</summary>
    public ICheckpoints? Checkpoints { get; init; }

    /// <summary>Cancelled when the run shall end at the next round boundary (coordinator).</summary>
    public CancellationToken Drain { get; init; }
}
