using System.Globalization;

namespace Sidestep.Training;

/// <summary>c/√(t + τ), whatever the rate.</summary>
/// <remarks>The step falls as the run goes on, and depends on the delay there was, not on the worst.
/// Source: Sra, Yu, Li, Smola, "AdaDelay: Delay Adaptive Distributed Stochastic Optimization", AISTATS 2016.
/// <code>StepRule rule = new AdaDelayStep(0.5);</code></remarks>
/// <param name="C">c, positive.</param>
public sealed record AdaDelayStep(double C) : StepRule
{
    /// <summary>The name in specs.</summary>
    public const string Name = "adadelay";

    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Name}({C})");

    /// <inheritdoc/>
    public override bool IsProportional => false;

    /// <inheritdoc/>
    public override double Step(double rate, long staleness, long update, int workers) => C / Math.Sqrt(update + staleness);
}
