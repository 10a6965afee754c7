using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>No redundancy is paid for in advance: a partition whose worker is lost is asked of others that are already idle.</summary>
/// <remarks>
/// Row j is worker j's own partition; after the n own rows come on-request rows for every other pair (worker, partition), by worker.
/// Law: exact, bit for bit, while one worker lives. Cost: one partition per worker without losses, plus one per lost partition and a round trip
/// after the loss is noticed; every worker must be able to read every partition; decode n·p additions.
/// Source: backup tasks, Dean and Ghemawat, "MapReduce", OSDI 2004, section 3.6, at the level of one round.
/// <code>var code = ReissueCode.Create(workers: 8);</code>
/// </remarks>
public static class ReissueCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "reissue";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <exception cref="ConfigurationException">There is no worker.</exception>
    public static ICode<float> Create(int workers)
    {
        CodeArguments.Workers(Name, workers);
        var items = ImmutableArray.CreateBuilder<Item<float>>(workers * workers);
        var asked = ImmutableArray.CreateBuilder<Row<float>>(workers * (workers - 1));
        for (var worker = 0; worker < workers; worker++)
        {
            for (var partition = 0; partition < workers; partition++)
            {
                if (partition != worker)
                {
                    asked.Add(Row(worker, items.Count, onRequest: true));
                }

                items.Add(new Item<float>(worker, [(partition, 1f)]));
            }
        }

        var own = Enumerable.Range(0, workers).Select(j => Row(j, (j * workers) + j, onRequest: false));
        var table = new CodeTable<float>(workers, workers, Blocks: 1, items.MoveToImmutable(), [.. own, .. asked]);
        var guarantee = new Guarantee(workers - 1, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
        return new LinearCode(Name, new RowClasses(table), guarantee, Patience.Exact);
    }

    private static Row<float> Row(int worker, int item, bool onRequest) => new(worker, [new Term<float>(item, 0, 1f)], onRequest);
}
