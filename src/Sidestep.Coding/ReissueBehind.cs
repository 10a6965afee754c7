using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>A code whose rows can be computed by anybody once more slots are gone than it tolerates.</summary>
/// <remarks>
/// For every row of the code each slot that does not send it gets a copy on request: same terms, same partitions, same weights, hence the same bytes. Copies
/// are asked for only while what has arrived and what living slots still owe cannot decode, no more of them than are needed, and of slots that have
/// sent their own rows. Law: the code's own within its s; beyond, its sum all the same (bit for bit where the code's is), while one worker lives. Cost:
/// the code's own; a missing row costs the partitions of the row once more, its detection and a round trip. Every worker must be able to read every partition.
/// <code>var code = ReissueBehind.Create(FractionalRepetitionCode.Create(workers: 12, stragglers: 2));</code>
/// </remarks>
public static class ReissueBehind
{
    /// <summary>Most copies; tables with more are refused.</summary>
    public const int MostCopies = 100_000;

    /// <summary>Whether the code can have it: exact, decoded by weights, and of moderate size.</summary>
    /// <param name="code">The code.</param>
    public static bool Fits(ICode<float> code) =>
        code is LinearCode { Guarantee.Exactness: not Exactness.Approximate } linear
        && linear.Table.Rows.All(r => !r.OnRequest)
        && (long)linear.Classes.Count * linear.Table.Workers <= MostCopies;

    /// <summary>Adds the copies.</summary>
    /// <param name="code">An exact code without rows on request.</param>
    /// <exception cref="ConfigurationException">The code is approximate, asks for rows already, or would need more than <see cref="MostCopies"/> copies.</exception>
    public static ICode<float> Create(ICode<float> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!Fits(code))
        {
            throw new ConfigurationException(
                $"rows of code {code.Name} with {code.Table.Workers} workers cannot be reissued: this needs an exact code decoded by weights, without rows on request, "
                + $"and at most {MostCopies} copies of rows; set reissue to false, or use {ReissueCode.Name}");
        }

        var inner = (LinearCode)code;
        var table = Extend(inner.Table, inner.Classes);
        var guarantee = inner.Guarantee with { Stragglers = inner.Table.Workers - 1 };
        return new LinearCode(inner.Name, new RowClasses(table), guarantee, inner.Patience) { Behind = inner };
    }

    private static CodeTable<float> Extend(CodeTable<float> table, RowClasses classes)
    {
        var items = table.Items.ToBuilder();
        var rows = table.Rows.ToBuilder();
        for (var slot = 0; slot < table.Workers; slot++)
        {
            var stored = new Dictionary<int, int>();
            foreach (var members in classes.RowsOf)
            {
                if (members.Any(r => table.Rows[r].Worker == slot))
                {
                    continue;
                }

                var terms = table.Rows[members[0]].Terms;
                rows.Add(new Row<float>(slot, [.. terms.Select(t => t with { Item = Store(t.Item, slot) })], OnRequest: true));
            }

            int Store(int item, int worker)
            {
                if (!stored.TryGetValue(item, out var copy))
                {
                    stored.Add(item, copy = items.Count);
                    items.Add(table.Items[item] with { Worker = worker });
                }

                return copy;
            }
        }

        return table with { Items = items.ToImmutable(), Rows = rows.ToImmutable() };
    }
}
