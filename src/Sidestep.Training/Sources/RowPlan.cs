using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A table as its computations: which partitions each row takes, and which of them it is the first of its slot to take.</summary>
internal sealed class RowPlan
{
    /// <summary>Works a table out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="plainSumsShare">Whether rows that are plain sums take part in the sharing of a partition's gradient.</param>
    public RowPlan(CodeTable<float> table, bool plainSumsShare)
    {
        Table = table;
        Uses = [.. Enumerable.Range(0, table.Rows.Length).Select(r => PartitionUse.Of(r, table))];
        IsPlainSum = [.. Uses.Select(u => PartitionUse.IsPlainSum(u, table))];
        Fresh = [.. Enumerable.Range(0, table.Rows.Length).Select(r => Uses[r].Count(u => IsFirst(r, u.Partition, plainSumsShare)))];
    }

    /// <summary>The table.</summary>
    public CodeTable<float> Table { get; }

    /// <summary>What each row takes.</summary>
    public ImmutableArray<ImmutableArray<PartitionUse>> Uses { get; }

    /// <summary>Whether each row is a plain sum of whole gradients.</summary>
    public ImmutableArray<bool> IsPlainSum { get; }

    /// <summary>Number of partitions of each row that no row computed before it by the same slot shares with it.</summary>
    public ImmutableArray<int> Fresh { get; }

    /// <summary>Whether more than one row of a slot that is not a plain sum takes a partition.</summary>
    public bool IsShared(int slot, int partition) =>
        Enumerable.Range(0, Uses.Length).Count(r => Table.Rows[r].Worker == slot && !IsPlainSum[r] && Takes(r, partition)) > 1;

    // Rows on request come after all others of their slot, and each may be the only one asked for.
    private bool IsFirst(int row, int partition, bool plainSumsShare)
    {
        if (IsPlainSum[row] && !plainSumsShare)
        {
            return true;
        }

        for (var r = 0; r < Uses.Length; r++)
        {
            var isBefore = !Table.Rows[r].OnRequest && (r < row || Table.Rows[row].OnRequest);
            if (r != row && isBefore && Table.Rows[r].Worker == Table.Rows[row].Worker && (plainSumsShare || !IsPlainSum[r]) && Takes(r, partition))
            {
                return false;
            }
        }

        return true;
    }

    private bool Takes(int row, int partition) => Uses[row].Any(u => u.Partition == partition);
}
