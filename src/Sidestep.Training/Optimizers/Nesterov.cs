namespace Sidestep.Training;

/// <summary>Nesterov's accelerated gradient. The parameters it publishes are the look-ahead point, so gradients are taken there.</summary>
/// <param name="Rate">η, at most 1/L for an L-smooth loss.</param>
/// <param name="Beta">β in [0, 1); for a μ-strongly convex loss (1 − √(μη))/(1 + √(μη)) is best. NaN (the default): no β to
/// choose, the growing sequence of FISTA with a restart whenever the momentum points uphill.</param>
/// <remarks>Constant β: v ← β·v + g, w ← w − η·(g + β·v), as PyTorch's SGD with nesterov. Without β: t₀ = 1, t ← (1 + √(1 + 4t²))/2,
/// β_k = (t_k − 1)/t_{k+1}, v ← β_{k−1}·v + g, w ← w − η·(g + β_k·v); if gᵀv &lt; 0 then v ← g and t ← 1.
/// Sources: Nesterov 1983; Beck, Teboulle, "FISTA", SIAM J. Imaging Sciences 2009, equations 4.1–4.3;
/// O'Donoghue, Candès, "Adaptive restart for accelerated gradient schemes", FoCM 2015, section 3.2 (gradient scheme).
/// State: one vector; one pass over 3 vectors (without β: and one over 2).
/// <code>var optimizer = new Nesterov(0.5);            // accelerated, restarts itself
/// var constant = new Nesterov(0.1, Beta: 0.9);</code></remarks>
public sealed record Nesterov(Schedule Rate, double Beta = double.NaN) : IScheduledOptimizer
{
    /// <inheritdoc/>
    public string Name => "nesterov";

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">β or the first rate is out of range.</exception>
    public IOptimizerSession Create(int length)
    {
        Rate.Check(1);
        if (!double.IsNaN(Beta))
        {
            OptimizerChecks.Factor(Name, nameof(Beta), Beta);
        }

        return new NesterovSession(Rate, Beta, length);
    }
}
