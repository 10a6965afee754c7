namespace Sidestep.Coding;

/// <summary>A derivative code: every worker sends (block a ± block b)/√2 of the gradient of all data, 1/K of the bytes.</summary>
/// <remarks>
/// K(K−1) workers, one per line of the root system D_K, in the order 01+, 01−, 02+, 02−, …; the rows are a tight frame, VᵀV = (K−1)·I. Law: exact iff
/// the rows that arrived have rank K (a signed graph in which every component has an unbalanced cycle), guaranteed from any
/// 1 + max{(K−1)(K−2), K(K−1)/2}; below that the projection onto what arrived. Cost: all data and 1/K of the weight-gradient work per worker, p/K values
/// sent; decode O(p log K).
/// Source: Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022; the lines are our reconstruction.
/// <code>var code = PairLinesCode.Create(blocks: 4); var decoder = code.CreateDecoder(new ContiguousLayout(4), shape);</code>
/// </remarks>
public static class PairLinesCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "pair-lines";

    /// <summary>Creates it.</summary>
    /// <param name="blocks">K, at least 2; there are K(K−1) workers.</param>
    /// <param name="options">Stragglers, data groups and requests; absent: none.</param>
    /// <exception cref="ConfigurationException">Fewer than 2 blocks, or more than 64; an option is out of range.</exception>
    public static ICode<float> Create(int blocks, LineOptions? options = null) =>
        LineCode.Create(Name, Lines(blocks), options, exactFrom: 1 + Math.Max((blocks - 1) * (blocks - 2), blocks * (blocks - 1) / 2));

    /// <summary>Its lines.</summary>
    /// <param name="blocks">K.</param>
    /// <exception cref="ConfigurationException">Fewer than 2 blocks, or more than 64.</exception>
    public static LineSet Lines(int blocks)
    {
        CodeArguments.Blocks(Name, blocks, 2);
        return new LineSet([.. SignPatterns.OfWeight(blocks, 2)]);
    }
}
