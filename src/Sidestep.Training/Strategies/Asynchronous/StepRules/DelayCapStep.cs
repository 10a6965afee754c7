using System.Globalization;

namespace Sidestep.Training;

/// <summary>min(η, 1/(4·L·max(τ, 1))): the full rate for fresh gradients, for stale ones no more than is stable.</summary>
/// <remarks>Source: the form analysed by Koloskova, Stich, Jaggi, "Sharper Convergence Guarantees for Asynchronous SGD", NeurIPS 2022, and
/// Mishchenko, Bach, Even, Woodworth, "Asynchronous SGD Beats Minibatch SGD Under Arbitrary Delays", NeurIPS 2022.
/// <code>StepRule rule = new DelayCapStep(smoothness: 2.5);</code></remarks>
/// <param name="Smoothness">L, the largest curvature of the mean loss; positive.</param>
public sealed record DelayCapStep(double Smoothness) : StepRule
{
    /// <summary>The name in specs.</summary>
    public const string Name = "delay-cap";

    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{Name}({Smoothness})");

    /// <inheritdoc/>
    public override bool IsProportional => false;

    /// <inheritdoc/>
    public override double Step(double rate, long staleness, long update, int workers) =>
        Math.Min(rate, 1 / (4 * Smoothness * Math.Max(staleness, 1)));
}
