namespace Sidestep.Coding;

/// <summary>A derivative code without coding: every worker sends one block of the gradient of all data, or several send the same.</summary>
/// <remarks>
/// K·c workers; worker i sends block i mod K, so that c workers send each. The baseline of derivative codes: with one copy everybody is needed, with c it is block
/// replication, of the same bytes as a code with as many workers. Law: exact, bit for bit, iff of every block one copy has arrived: any c − 1 workers may be missing; below
/// that missing blocks are zero (a projection). Cost: all data and 1/K of the weight-gradient work per worker, p/K values sent; decode p copies.
/// Source: the trivial member of the lines of Soto, Ilmer, Guan, Li, ICML 2022 (our reconstruction).
/// <code>var code = AxesCode.Create(blocks: 4, copies: 3);</code>
/// </remarks>
public static class AxesCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "axes";

    /// <summary>Creates it.</summary>
    /// <param name="blocks">K, 1 to 64.</param>
    /// <param name="copies">Workers per block, at least 1.</param>
    /// <param name="options">Stragglers, data groups and requests; absent: none.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int blocks, int copies = 1, LineOptions? options = null) =>
        LineCode.Create(Name, Lines(blocks, copies), options, exactFrom: (blocks * copies) - copies + 1);

    /// <summary>Its lines: e_0, e_1, …, e_{K−1}, and that again for every copy.</summary>
    /// <param name="blocks">K.</param>
    /// <param name="copies">How often each is there.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static LineSet Lines(int blocks, int copies = 1)
    {
        CodeArguments.Blocks(Name, blocks, 1);
        var most = LineSet.MostLines / blocks;
        if (copies < 1 || copies > most)
        {
            throw new ConfigurationException($"{Name} with {blocks} blocks takes 1 to {most} copies, not {copies}; nearest is {Math.Clamp(copies, 1, most)}");
        }

        return new LineSet([.. Enumerable.Range(0, blocks * copies).Select(i => SignPatterns.Axis(blocks, i % blocks))]);
    }
}
