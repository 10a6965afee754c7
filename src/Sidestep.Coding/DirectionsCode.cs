namespace Sidestep.Coding;

/// <summary>A derivative code over directions of your own: a matrix of n rows (workers) and K columns (blocks).</summary>
/// <remarks>
/// Rows are scaled to unit length, since only their directions count. Refused: zero rows, two rows on one line, numbers that are not finite, rank below K unless
/// <see cref="LineOptions.Lossy"/>. Law: exact iff the arrivals have rank K; how many always have is worked out, by enumeration where that is possible, else by the frame's lower bound.
/// Cost: as <see cref="LineCode"/>.
/// Source: linear codes of Soto, Ilmer, Guan, Li, ICML 2022 (our reconstruction).
/// <code>var code = DirectionsCode.Create([[1, 0], [0, 1], [1, 1], [1, -1]]);</code>
/// </remarks>
public static class DirectionsCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "directions";

    /// <summary>Creates it.</summary>
    /// <param name="rows">n rows of K numbers.</param>
    /// <param name="options">Stragglers, data groups, requests and lossy; absent: none.</param>
    /// <exception cref="ConfigurationException">The matrix or an option is not valid.</exception>
    public static ICode<float> Create(IReadOnlyList<IReadOnlyList<double>> rows, LineOptions? options = null) => LineCode.Create(Name, LineSet.Of(rows), options);
}
