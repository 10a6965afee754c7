namespace Sidestep.Training;

/// <summary>Adam: steps scaled by running means of the gradient and its square.</summary>
/// <param name="Rate">η; the largest change of a parameter in a step is about η.</param>
/// <param name="Beta1">β₁, memory of the mean.</param>
/// <param name="Beta2">β₂, memory of the square.</param>
/// <param name="Epsilon">ε, above 0; added to the root.</param>
/// <remarks>m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η·m̂/(√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
/// Source: Kingma, Ba, "Adam", ICLR 2015, algorithm 1. State: two vectors, in one pass over 4.
/// <code>var optimizer = new Adam(0.001);</code></remarks>
public sealed record Adam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : IScheduledOptimizer
{
    /// <inheritdoc/>
    public string Name => "adam";

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">β₁, β₂, ε or the first rate is out of range.</exception>
    public IOptimizerSession Create(int length) => new AdamSession(Name, Rate, Beta1, Beta2, Epsilon, 0, length);
}
