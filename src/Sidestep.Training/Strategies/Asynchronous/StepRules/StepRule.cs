namespace Sidestep.Training;

/// <summary>How large the step along a gradient is whose model is out of date. Immutable and pure.</summary>
/// <remarks>Strategies apply a rule to the step of one update: rate × the part of the whole gradient that the update makes.
/// <code>StepRule rule = StepRuleSyntax.Parse("delay-cap(2.5)"); var step = rule.Step(rate: 0.1, staleness: 7, update: 40, workers: 8);</code></remarks>
public abstract record StepRule
{
    /// <summary>As <see cref="StepRuleSyntax"/> reads it.</summary>
    public abstract string Text { get; }

    /// <summary>Whether the step is a multiple of the rate that depends on the staleness alone; else the optimizer's rate must be known.</summary>
    public virtual bool IsProportional => true;

    /// <summary>The step.</summary>
    /// <param name="rate">η, the step without staleness; at least 0.</param>
    /// <param name="staleness">τ, updates between reading the model and applying the gradient; at least 0.</param>
    /// <param name="update">t, the number of this update, from 1.</param>
    /// <param name="workers">p.</param>
    /// <returns>η(τ); 0: the gradient is not applied.</returns>
    public abstract double Step(double rate, long staleness, long update, int workers);
}
