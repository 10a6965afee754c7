using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>Tables in which every worker can compute every partition, each a row of its own.</summary>
internal static class SharedTable
{
    /// <summary>Most partitions: planning keeps a square of them.</summary>
    public const int MostPartitions = 4096;

    /// <summary>Most rows.</summary>
    public const int MostRows = 1 << 20;

    /// <summary>Creates it: own rows first, in partition order, then on-request rows, by worker, then partition.</summary>
    /// <param name="code">The code's name, for messages.</param>
    /// <param name="parameter">What <paramref name="pieces"/> is called.</param>
    /// <param name="workers">n.</param>
    /// <param name="pieces">Partitions per worker.</param>
    /// <param name="owned">Whether worker j sends partitions j·pieces and the following without being asked.</param>
    /// <exception cref="ConfigurationException">There are too few or too many.</exception>
    public static CodeTable<float> Create(string code, string parameter, int workers, int pieces, bool owned)
    {
        CodeArguments.Workers(code, workers);
        var most = Math.Max(1, Math.Min(MostPartitions / workers, MostRows / workers / workers));
        if (pieces < 1 || (pieces > 1 && pieces > most))
        {
            throw new ConfigurationException(
                $"{code} with {workers} workers takes 1 to {most} {parameter}, not {pieces}; nearest is {Math.Clamp(pieces, 1, most)}");
        }

        var partitions = workers * pieces;
        var items = ImmutableArray.CreateBuilder<Item<float>>(workers * partitions);
        var own = ImmutableArray.CreateBuilder<Row<float>>();
        var asked = ImmutableArray.CreateBuilder<Row<float>>();
        for (var worker = 0; worker < workers; worker++)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                var isOwn = owned && partition / pieces == worker;
                (isOwn ? own : asked).Add(new Row<float>(worker, [new Term<float>(items.Count, 0, 1f)], OnRequest: !isOwn));
                items.Add(new Item<float>(worker, [(partition, 1f)]));
            }
        }

        return new CodeTable<float>(workers, partitions, Blocks: 1, items.MoveToImmutable(), [.. own, .. asked]);
    }
}
