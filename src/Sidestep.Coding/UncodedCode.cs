namespace Sidestep.Coding;

/// <summary>No redundancy: worker i stores partition i and sends its gradient; everybody is waited for.</summary>
/// <remarks>
/// Law: the sum is the plain sum in worker order, bit for bit, as soon as all have answered; before that the residual is √(missing partitions).
/// Cost: one partition and p values per worker, n·p additions to decode.
/// <code>var code = UncodedCode.Create(workers: 8);</code>
/// </remarks>
public static class UncodedCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "uncoded";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <exception cref="ConfigurationException">There is no worker.</exception>
    public static ICode<float> Create(int workers)
    {
        CodeArguments.Workers(Name, workers);
        var guarantee = new Guarantee(0, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
        return new LinearCode(Name, new RowClasses(Table(workers)), guarantee, Patience.Exact);
    }

    /// <summary>One partition, one item and one row per worker.</summary>
    internal static CodeTable<float> Table(int workers) => new(
        workers,
        workers,
        Blocks: 1,
        [.. Enumerable.Range(0, workers).Select(i => new Item<float>(i, [(i, 1f)]))],
        [.. Enumerable.Range(0, workers).Select(i => new Row<float>(i, [new Term<float>(i, 0, 1f)]))]);
}
