namespace Sidestep.Training;

/// <summary>η/(1 + τ).</summary>
/// <remarks>With p workers that are always busy the mean of τ is p − 1, so the mean step falls by about p.
/// Source: Zhang, Gupta, Lian, Liu, "Staleness-aware Async-SGD for Distributed Deep Learning", IJCAI 2016, arXiv 1511.05950 (which divides by τ ≥ 1).
/// <code>StepRule rule = new StalenessAwareStep();</code></remarks>
public sealed record StalenessAwareStep : StepRule
{
    /// <summary>The name in specs.</summary>
    public const string Name = "staleness-aware";

    /// <inheritdoc/>
    public override string Text => Name;

    /// <inheritdoc/>
    public override double Step(double rate, long staleness, long update, int workers) => rate / (1 + staleness);
}
