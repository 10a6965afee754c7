namespace Sidestep;

/// <summary>How exact a result is. The order is from strongest to weakest.</summary>
public enum Exactness
{
    /// <summary>E0: the model's bytes do not depend on who answered, when, or who died.</summary>
    BitExact = 0,

    /// <summary>E1: exact up to rounding, with a certified bound on the amplification of rounding.</summary>
    Numeric = 1,

    /// <summary>E2: approximate, lossy or asynchronous. Never called exact.</summary>
    Approximate = 2,
}

/// <summary>What a code promises; measured by the law tests.</summary>
/// <param name="Stragglers">Slots (whole workers) that may be missing in any round.</param>
/// <param name="Liars">Slots that may send wrong values.</param>
/// <param name="Exactness">Class of the decoded sum.</param>
/// <param name="SteadyWeights">A share counts the same whoever else arrives. Compressors with memory need it.</param>
/// <param name="Amplification">Largest ‖w‖₁ over tolerated arrival sets and blocks (w: decode weights).</param>
public readonly record struct Guarantee(
    int Stragglers, int Liars, Exactness Exactness, bool SteadyWeights, double Amplification);

/// <summary>When to stop waiting for shares; the first limit reached wins.</summary>
/// <param name="Residual">Stop when the decoder's residual is at most this. 0: exact.</param>
/// <param name="Shares">Stop after this many different rows.</param>
/// <param name="Slots">Stop once this many slots have sent all the rows they send unasked.</param>
public sealed record Patience(double Residual = 0, int Shares = int.MaxValue, int Slots = int.MaxValue)
{
    /// <summary>Wait until the sum is exact.</summary>
    public static Patience Exact { get; } = new();
}
