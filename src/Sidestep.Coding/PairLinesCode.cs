using System.Collections.Immutable;

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

    /// <summary>Creates it for the data of one partition.</summary>
    /// <param name="blocks">K, at least 2; there are K(K−1) workers.</param>
    /// <exception cref="ConfigurationException">Fewer than 2 blocks, or more than 64.</exception>
    public static ICode<float> Create(int blocks)
    {
        if (blocks is < 2 or > 64)
        {
            throw new ConfigurationException($"{Name} needs 2 to 64 blocks, not {blocks}; nearest is {Math.Clamp(blocks, 2, 64)}");
        }

        var weight = (float)Math.Sqrt(0.5);
        var rows = ImmutableArray.CreateBuilder<Row<float>>(blocks * (blocks - 1));
        for (var a = 0; a < blocks; a++)
        {
            for (var b = a + 1; b < blocks; b++)
            {
                rows.Add(Row(rows.Count, a, b, weight, weight));
                rows.Add(Row(rows.Count, a, b, weight, -weight));
            }
        }

        var workers = rows.Count;
        var items = Enumerable.Range(0, workers).Select(i => new Item<float>(i, [(0, 1f)]));
        var table = new CodeTable<float>(workers, Partitions: 1, blocks, [.. items], rows.MoveToImmutable());
        var enough = 1 + Math.Max((blocks - 1) * (blocks - 2), blocks * (blocks - 1) / 2);
        return new PairLines(table, workers - enough);
    }

    private static Row<float> Row(int worker, int a, int b, float first, float second) =>
        new(worker, [new Term<float>(worker, a, first), new Term<float>(worker, b, second)]);
}
