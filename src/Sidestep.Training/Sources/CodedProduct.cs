using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>One product of two coded factors: (Σ_r v_r·δ_r)ᵀ(Σ_c u_c·X_c).</summary>
/// <param name="Left">v, over blocks of rows.</param>
/// <param name="Right">u, over blocks of columns.</param>
internal sealed record CodedProduct(ImmutableArray<BlockWeight> Left, ImmutableArray<BlockWeight> Right)
{
    private const float Rounding = 4 * 1.1920929e-7f;

    private static readonly ImmutableArray<BlockWeight> Whole = [new(0, 1)];

    /// <summary>As few products as the weights of the parts allow: one if they are of rank one, else one for each row (or column) of parts that has any.</summary>
    /// <param name="parts">The weight of each part r·<paramref name="columnParts"/> + c.</param>
    /// <param name="rowParts">Parts of the rows.</param>
    /// <param name="columnParts">Parts of the columns.</param>
    public static ImmutableArray<CodedProduct> Of(ImmutableArray<BlockWeight> parts, int rowParts, int columnParts)
    {
        if (rowParts == 1)
        {
            return [new CodedProduct(Whole, parts)];
        }

        if (columnParts == 1)
        {
            return [new CodedProduct(parts, Whole)];
        }

        // Terms may cancel; nothing divides by them, and a row of nothing is a product all the same.
        var some = parts.RemoveAll(p => p.Weight == 0);
        parts = some.IsEmpty ? [parts[0]] : some;
        var rows = parts.GroupBy(p => p.Block / columnParts).OrderBy(g => g.Key)
            .Select(g => new CodedProduct([new(g.Key, 1)], [.. g.Select(p => new BlockWeight(p.Block % columnParts, p.Weight))])).ToArray();
        var columns = parts.GroupBy(p => p.Block % columnParts).OrderBy(g => g.Key)
            .Select(g => new CodedProduct([.. g.Select(p => new BlockWeight(p.Block / columnParts, p.Weight))], [new(g.Key, 1)])).ToArray();
        return rows.Length == 1 ? [rows[0]] : OfRankOne(rows) is { } product ? [product] : rows.Length <= columns.Length ? [.. rows] : [.. columns];
    }

    // Rank one: all rows are the first one, scaled.
    private static CodedProduct? OfRankOne(CodedProduct[] rows)
    {
        var first = rows[0].Right;
        var left = ImmutableArray.CreateBuilder<BlockWeight>(rows.Length);
        foreach (var row in rows)
        {
            if (row.Right.Length != first.Length)
            {
                return null;
            }

            var scale = row.Right[0].Weight / first[0].Weight;
            for (var i = 0; i < first.Length; i++)
            {
                // Products of rounded numbers are of rank one up to rounding.
                var (a, b) = (row.Right[i], first[i]);
                if (a.Block != b.Block || Math.Abs(a.Weight - (scale * b.Weight)) > Rounding * Math.Abs(a.Weight))
                {
                    return null;
                }
            }

            left.Add(new BlockWeight(row.Left[0].Block, scale));
        }

        return new CodedProduct(left.ToImmutable(), first);
    }
}
