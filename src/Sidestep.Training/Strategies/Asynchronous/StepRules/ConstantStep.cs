namespace Sidestep.Training;

/// <summary>The same step, however stale: η.</summary>
/// <remarks>On curvature h and constant delay τ stable iff ηh &lt; 2·sin(π/(2(2τ + 1))).
/// <code>StepRule rule = new ConstantStep();</code></remarks>
public sealed record ConstantStep : StepRule
{
    /// <summary>The name in specs.</summary>
    public const string Name = "constant";

    /// <inheritdoc/>
    public override string Text => Name;

    /// <inheritdoc/>
    public override double Step(double rate, long staleness, long update, int workers) => rate;
}
