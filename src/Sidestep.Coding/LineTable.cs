using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>Tables of derivative codes: group by group, in a group first the workers' own lines, then those on request.</summary>
internal static class LineTable
{
    /// <summary>Most rows on request; codes with more are refused.</summary>
    public const int MostRequests = 100_000;

    /// <summary>Creates it. Worker g·n + i stores partition g and sends line i of its blocks.</summary>
    /// <param name="lines">The lines of one group.</param>
    /// <param name="groups">D, data groups = partitions.</param>
    /// <param name="requests">Whether every worker has the other lines of its group on request, in line order.</param>
    public static CodeTable<float> Create(LineSet lines, int groups, bool requests)
    {
        var workers = groups * lines.Count;
        var items = ImmutableArray.CreateBuilder<Item<float>>(workers);
        var rows = ImmutableArray.CreateBuilder<Row<float>>();
        int[] distinct = requests ? [.. Enumerable.Range(0, lines.Count).Where(i => IsFirst(lines, i))] : [];
        for (var group = 0; group < groups; group++)
        {
            var first = group * lines.Count;
            for (var i = 0; i < lines.Count; i++)
            {
                items.Add(new Item<float>(first + i, [(group, 1f)]));
                rows.Add(Row(lines, i, first + i, onRequest: false));
            }

            for (var i = 0; i < lines.Count && requests; i++)
            {
                foreach (var other in distinct)
                {
                    if (!lines[other].SequenceEqual(lines[i]))
                    {
                        rows.Add(Row(lines, other, first + i, onRequest: true));
                    }
                }
            }
        }

        return new CodeTable<float>(workers, groups, lines.Blocks, items.MoveToImmutable(), rows.ToImmutable());
    }

    // Workers store one item each, of their own number.
    private static Row<float> Row(LineSet lines, int line, int worker, bool onRequest)
    {
        var terms = ImmutableArray.CreateBuilder<Term<float>>();
        for (var block = 0; block < lines.Blocks; block++)
        {
            if (lines[line][block] != 0)
            {
                terms.Add(new Term<float>(worker, block, (float)lines[line][block]));
            }
        }

        return new Row<float>(worker, terms.ToImmutable(), onRequest);
    }

    private static bool IsFirst(LineSet lines, int line)
    {
        for (var other = 0; other < line; other++)
        {
            if (lines[other].SequenceEqual(lines[line]))
            {
                return false;
            }
        }

        return true;
    }
}
