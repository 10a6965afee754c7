namespace Sidestep.Training;

/// <summary>Adam with decoupled weight decay: w ← (1 − η·λ)·w before Adam's step.</summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁, memory of the mean.</param>
/// <param name="Beta2">β₂, memory of the square.</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="Decay">λ, at least 0; applies to every parameter.</param>
/// <remarks>Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2; the decay is scaled by the rate
/// as in PyTorch. State: two vectors, in one pass over 4.
/// <code>var optimizer = new AdamW(new WarmUp(new CosineSchedule(4e-4, 10_000), 500), Beta2: 0.95, Decay: 0.1);</code></remarks>
public sealed record AdamW(
    Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double Decay = 0.01) : IScheduledOptimizer
{
    /// <inheritdoc/>
    public string Name => "adamw";

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">β₁, β₂, ε, λ or the first rate is out of range.</exception>
    public IOptimizerSession Create(int length) => new AdamSession(Name, Rate, Beta1, Beta2, Epsilon, Decay, length);
}
