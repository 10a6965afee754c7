namespace Sidestep.Training;

/// <summary>Asynchronous descent with bounded staleness: workers go on with the newest model instead of waiting for each other.</summary>
/// <remarks>
/// <para>Immediate policy: share y of a row whose model is τ updates old moves the model along factor(τ) · scale · Σ_b w_b·y / N, w its fixed weights
/// (<see cref="Sidestep.Coding.ImmediateWeights"/>). A round is one update, of <see cref="Shares"/> shares. All rows of one version together are one step of
/// the rate, whatever the code: rates carry over from <see cref="CodedDescent"/>.</para>
/// <para>Round policy: a version's shares go to its own decoder; versions take effect in order, each once, with everything that has come, as soon as one is
/// decoded or may not wait longer. An idle slot is given the oldest open version it has not answered, else a new one with the newest parameters; it
/// waits only when <see cref="MaxStaleness"/> + 1 versions are open. Memory: as many models and sets of shares.</para>
/// <para>Laws: nothing that moves the model is staler than the bound; every share counts once or never. Round policy with staleness 0 is
/// <see cref="CodedDescent"/>, bit for bit where that does not depend on arrivals. E2 otherwise; on the simulator the same seed gives the same trace.</para>
/// Cost: one model down per answer; an immediate update costs a step of the optimizer, O(p).
/// Source: Recht, Ré, Wright, Niu, "Hogwild!", NIPS 2011; Dutta, Joshi, Ghosh, Dube, Nagpurkar, "Slow and Stale Gradients Can Win the Race", AISTATS 2018
/// (K-async); Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022 (our reconstruction).
/// <code>IStrategy strategy = new AsyncDescent(maxStaleness: 16) { Rule = new StalenessAwareStep() };
/// IStrategy lines = new AsyncDescent(maxStaleness: 4) { Policy = AsyncPolicy.Round, Shares = 7 };</code>
/// </remarks>
/// <param name="MaxStaleness">Largest staleness that is applied, in versions of the model; at least 0.</param>
public sealed record AsyncDescent(int MaxStaleness) : IStrategy
{
    /// <summary>Largest staleness of the round policy: it keeps every open version in memory.</summary>
    public const int MostOpen = 64;

    /// <summary>Largest <see cref="Scale"/>: measured, runs scaled by 5 (four of five shares lost) diverge at rates that are otherwise stable.</summary>
    public const double MostScale = 4;

    private const string Catalogued = "async-descent", StaleCatalogued = "stale-synchronous";

    /// <inheritdoc/>
    public string Name { get; private init; } = Catalogued;

    /// <summary>What moves the model.</summary>
    public AsyncPolicy Policy { get; init; }

    /// <summary>How the step depends on the staleness.</summary>
    public StepRule Rule { get; init; } = new ConstantStep();

    /// <summary>K. Immediate: shares an update waits for (absent: 1); their slots wait with it. Round: a version takes effect with so many, decoded or not
    /// (absent: the code's own patience).</summary>
    public int? Shares { get; init; }

    /// <summary>Immediate: a factor on every update that makes up for shares that never count, 1/(1 − q) for a part q of them; 1 to <see cref="MostScale"/>.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Immediate: clocks a slot may be ahead of the slowest (stale-synchronous); absent: any.</summary>
    public int? Slack { get; init; }

    /// <summary>Round: a version that is first in line takes effect when its first model was sent so long ago, with at least one share; absent: it waits.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Round: blocks of the version that is first in line are applied as soon as they are known, the rest when it takes effect.</summary>
    public bool Early { get; init; }

    /// <summary>Stale-synchronous descent: a point of the immediate policy, paced by clocks instead of dropping what is stale.</summary>
    /// <remarks>
    /// A worker's clock counts its applied gradients; it gets its next model when no living worker's clock is more than the slack behind its own.
    /// Law: no gradient is computed at a model that lacks an update of a clock ≤ c − slack − 1, c the worker's clock; clocks differ by at most slack + 1.
    /// Slack 0 with plain descent is synchronous descent (to rounding). A dead worker is not waited for.
    /// Source: Ho, Cipar, Cui, Lee, Kim, Gibbons, Gibson, Ganger, Xing, "More Effective Distributed ML via a Stale Synchronous Parallel Parameter Server", NIPS 2013.
    /// <code>IStrategy strategy = AsyncDescent.StaleSynchronous(slack: 3);</code>
    /// </remarks>
    /// <param name="slack">Clocks a worker may be ahead of the slowest; at least 0 (synchronous).</param>
    public static AsyncDescent StaleSynchronous(int slack) => new(int.MaxValue) { Name = StaleCatalogued, Slack = slack };

    /// <inheritdoc/>
    public void Validate(RunPlan plan) => PlanProblems.Throw(AsyncProblems.Of(this, plan));

    /// <inheritdoc/>
    public Exactness Exactness(RunPlan plan) => Policy == AsyncPolicy.Round && MaxStaleness == 0 && Shares is null && Deadline is null && !Early
        ? new CodedDescent().Exactness(plan)
        : Sidestep.Exactness.Approximate;

    /// <inheritdoc/>
    public IPayloadLimits Limits(RunPlan plan) => new ShareLimits(plan);

    /// <inheritdoc/>
    public IRunState Create(RunPlan plan, int id) =>
        id == Slots.Coordinator ? new CoordinatorState(plan) : new ShareWorkerState(plan, id);

    /// <inheritdoc/>
    public Task RunAsync(INode node, IRunState state, CancellationToken stop) => state switch
    {
        CoordinatorState coordinator => new AsyncCoordinator(node, coordinator, this).RunAsync(stop),
        ShareWorkerState worker => new ShareWorker(node, worker).RunAsync(stop),
        _ => throw new ArgumentException($"the state is not one of {Name}", nameof(state)),
    };
}
