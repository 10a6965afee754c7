using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>What a row takes from one partition: weighted blocks of its gradient, and a multiple of its loss.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="LossWeight">Σ weight over the row's terms on this partition.</param>
/// <param name="Blocks">Each block once, ascending.</param>
internal sealed record PartitionUse(int Partition, double LossWeight, ImmutableArray<BlockWeight> Blocks)
{
    /// <summary>The uses of a row, by partition, ascending: the order of computation is a function of the terms alone, so replicas agree to the bit.</summary>
    public static ImmutableArray<PartitionUse> Of(int row, CodeTable<float> table)
    {
        var parts =
            from term in table.Rows[row].Terms
            from mix in table.Items[term.Item].Mix
            select (mix.Partition, term.Block, Weight: term.Weight * mix.Weight);
        return
        [
            .. parts.GroupBy(p => p.Partition).OrderBy(g => g.Key).Select(g => new PartitionUse(
                g.Key,
                g.Sum(p => (double)p.Weight),
                [.. g.GroupBy(p => p.Block).OrderBy(b => b.Key).Select(b => new BlockWeight(b.Key, b.Aggregate(0f, (sum, p) => sum + p.Weight)))])),
        ];
    }

    /// <summary>Whether a row is a plain sum of whole partition gradients, which can be accumulated where it will be sent from.</summary>
    public static bool IsPlainSum(ImmutableArray<PartitionUse> row, CodeTable<float> table) =>
        table.Blocks == 1 && row.All(u => u.Blocks is [{ Weight: 1f }]);
}
