using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A table as its computations: which partitions each row takes, and which of them it is the first of its slot to take.</summary>
internal sealed class RowPlan
{
    private readonly ILookup<int, int> _rowsOf;

    /// <summary>Works a table out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="plainSumsShare">Whether rows that are plain sums take part in the sharing of a partition's gradient.</param>
    public RowPlan(CodeTable<float> table, bool plainSumsShare)
    {
        Table = table;
        Uses = [.. Enumerable.Range(0, table.Rows.Length).Select(r => PartitionUse.Of(r, table))];
        _rowsOf = Enumerable.Range(0, table.Rows.Length).ToLookup(r => table.Rows[r].Worker);
        IsPlainSum = [.. Uses.Select(u => PartitionUse.IsPlainSum(u, table))];
        OnlyPlainSums = IsPlainSum.All(plain => plain);
        Fresh = [.. Enumerable.Range(0, table.Rows.Length).Select(r => Uses[r].Count(u => IsFirst(r, u.Partition, plainSumsShare)))];
    }

    /// <summary>The table.</summary>
    public CodeTable<float> Table { get; }

    /// <summary>What each row takes.</summary>
    public ImmutableArray<ImmutableArray<PartitionUse>> Uses { get; }

    /// <summary>Whether all rows are plain sums.</summary>
    public bool OnlyPlainSums { get; }

    /// <summary>Whether each row is a plain sum of whole gradients.</summary>
    public ImmutableArray<bool> IsPlainSum { get; }

    /// <summary>Number of partitions of each row that no row computed before it by the same slot shares with it.</summary>
    public ImmutableArray<int> Fresh { get; }

    /// <summary>Whether more than one row that a slot sends by itself and that is not a plain sum takes a partition: then its gradient is kept for the round.</summary>
    public bool IsShared(int slot, int partition) =>
        _rowsOf[slot].Count(r => !Table.Rows[r].OnRequest && !IsPlainSum[r] && Takes(r, partition)) > 1;

    // Rows on request come after all others of their slot, and each may be the only one asked for: they find what is kept.
    private bool IsFirst(int row, int partition, bool plainSumsShare)
    {
        if (IsPlainSum[row] && !plainSumsShare)
        {
            return true;
        }

        var before = _rowsOf[Table.Rows[row].Worker].Count(r =>
            r != row && !Table.Rows[r].OnRequest && (r < row || Table.Rows[row].OnRequest) && (plainSumsShare || !IsPlainSum[r]) && Takes(r, partition));
        return before == 0 || (before == 1 && Table.Rows[row].OnRequest && !plainSumsShare);
    }

    private bool Takes(int row, int partition) => Uses[row].Any(u => u.Partition == partition);
}
