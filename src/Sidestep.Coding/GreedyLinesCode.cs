namespace Sidestep.Coding;

/// <summary>A derivative code for any number of workers: lines are chosen one by one so that each shares as little as possible with those before.</summary>
/// <remarks>
/// n workers over K blocks. The lines come from the pairs (e_a ± e_b)/√2, or, if a weight is given, from all equal-magnitude sign patterns of at most so many blocks; see
/// <see cref="GreedyDesign"/> for the rule. Law: exact iff the arrivals have rank K; how many always have is worked out (<see cref="RankProfile.AlwaysFrom"/>). Hardly ever a tight
/// frame, so the immediate policy is refused. Cost: all data and 1/K of the weight-gradient work per worker, p/K values sent; design O(n · pool).
/// Source: "minimise the information between the codewords", Soto, Ilmer, Guan, Li, ICML 2022; the rule is our reconstruction.
/// <code>var code = GreedyLinesCode.Create(blocks: 4, workers: 6); // any 5 of the 6 decode, and 13 of the 15 sets of 4</code>
/// </remarks>
public static class GreedyLinesCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "greedy-lines";

    /// <summary>Creates it.</summary>
    /// <param name="blocks">K, 1 to 64.</param>
    /// <param name="workers">All workers: groups × n.</param>
    /// <param name="weight">Most blocks a line mixes, 1 to 3; null: pairs only.</param>
    /// <param name="options">Stragglers, data groups and requests; absent: none.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or there are not so many lines.</exception>
    public static ICode<float> Create(int blocks, int workers, int? weight = null, LineOptions? options = null)
    {
        CodeArguments.Workers(Name, workers);
        return LineCode.Create(Name, GreedyDesign.Choose(blocks, CodeArguments.PerGroup(Name, workers, options), weight), options);
    }
}
