namespace Sidestep.Coding;

/// <summary>A derivative code: some workers send a block, others the sum or difference of two; the shortest vectors of both kinds.</summary>
/// <remarks>
/// K² workers, one per line of the root system B_K: e_0, …, e_{K−1}, then (e_a ± e_b)/√2 in the order 01+, 01−, 02+, …; a tight frame, VᵀV = K·I. For
/// K = 2 any 2 of the 4 decode (an MDS code). Law: exact iff the arrivals have rank K, guaranteed from any (K−1)² + 1, that is with 2K − 2 stragglers; below
/// that the projection onto what arrived. Cost: all data and 1/K of the weight-gradient work per worker, p/K values sent; decode O(p log K).
/// Source: Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022; the lines are our reconstruction.
/// <code>var code = AxesAndPairsCode.Create(blocks: 4); // 16 workers, 6 may be missing</code>
/// </remarks>
public static class AxesAndPairsCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "axes-and-pairs";

    /// <summary>Creates it.</summary>
    /// <param name="blocks">K, 1 to 64; there are K² workers.</param>
    /// <param name="options">Stragglers, data groups and requests; absent: none.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int blocks, LineOptions? options = null) =>
        LineCode.Create(Name, Lines(blocks), options, exactFrom: ((blocks - 1) * (blocks - 1)) + 1);

    /// <summary>Its lines.</summary>
    /// <param name="blocks">K.</param>
    /// <exception cref="ConfigurationException">Fewer than 1 block, or more than 64.</exception>
    public static LineSet Lines(int blocks)
    {
        CodeArguments.Blocks(Name, blocks, 1);
        return new LineSet([.. SignPatterns.OfWeight(blocks, 1), .. blocks > 1 ? SignPatterns.OfWeight(blocks, 2) : []]);
    }
}
