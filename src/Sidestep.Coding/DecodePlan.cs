namespace Sidestep.Coding;

/// <summary>What a set of arrivals is good for.</summary>
public enum DecodeStatus
{
    /// <summary>The sum comes out exactly, up to rounding.</summary>
    Exact = 0,

    /// <summary>Only the best approximation comes out.</summary>
    Approximate = 1,

    /// <summary>The sum should come out, but the remaining error (1e-7 to 1e-3) says that the weights are numerically broken.</summary>
    IllConditioned = 2,
}

/// <summary>Least-squares decode weights for a set of arrivals.</summary>
/// <param name="Weights">Arrivals × blocks, in the order in which the rows were given; block b is estimated by Σ Weights[i, b] · share i.</param>
/// <param name="Residual">‖T − WᵀC‖_F, T the wanted sums, C the rows' coefficients; 0 if the weights are exact to the last bit.</param>
/// <param name="NoiseGain">Largest ‖w‖₁ over blocks: an error of at most e in every share becomes at most NoiseGain · e.</param>
/// <param name="Condition">Ratio of the largest singular value of C to the smallest that counts as non-zero; 1 without arrivals.</param>
/// <param name="Status">What the arrivals are good for.</param>
public sealed record DecodePlan(double[,] Weights, double Residual, double NoiseGain, double Condition, DecodeStatus Status);
