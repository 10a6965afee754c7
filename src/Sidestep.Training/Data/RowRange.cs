namespace Sidestep.Training;

/// <summary>Consecutive rows of a partition.</summary>
/// <param name="Start">The first row.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct RowRange(long Start, long Count)
{
    /// <summary>The rows of a partition: sizes differ by at most one, larger ones first.</summary>
    public static RowRange Of(long rows, int partitions, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, partitions);
        var (size, extra) = Math.DivRem(rows, partitions);
        return new RowRange((index * size) + Math.Min(index, extra), size + (index < extra ? 1 : 0));
    }
}
