namespace Sidestep.Training;

/// <summary>η where τ ≤ 2p, else 0: very stale gradients are left out.</summary>
/// <remarks>Filtering as in Attia, Gaash, Koren, "Faster Stochastic Optimization with Arbitrary Delays via Asynchronous Mini-Batching", arXiv 2408.07503, with a fixed bound.
/// <code>StepRule rule = new DropStep();</code></remarks>
public sealed record DropStep : StepRule
{
    /// <summary>The name in specs.</summary>
    public const string Name = "drop";

    /// <inheritdoc/>
    public override string Text => Name;

    /// <inheritdoc/>
    public override double Step(double rate, long staleness, long update, int workers) => staleness <= 2L * workers ? rate : 0;
}
