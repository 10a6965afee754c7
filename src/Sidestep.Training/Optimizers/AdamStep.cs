namespace Sidestep.Training;

/// <summary>The scalars of one Adam step, worked out in double and rounded once.</summary>
/// <param name="Beta1">β₁.</param>
/// <param name="Gain1">1 − β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Gain2">1 − β₂.</param>
/// <param name="Shrink">1 − η·λ; 1 without decay.</param>
/// <param name="Rate">η/(1 − β₁ᵗ).</param>
/// <param name="Root">1/√(1 − β₂ᵗ).</param>
/// <param name="Epsilon">ε.</param>
public readonly record struct AdamStep(
    float Beta1, float Gain1, float Beta2, float Gain2, float Shrink, float Rate, float Root, float Epsilon);
