namespace Sidestep.Training;

/// <summary>Reads a round's batch of a partition, whole or in parts; owns the list of row numbers.</summary>
internal sealed class PartitionBatches(IRows rows, IBatchPlan plan)
{
    private long[] _numbers = [];
    private int _partition;
    private long _round;

    /// <summary>Draws the batch.</summary>
    /// <returns>Its size.</returns>
    public int Draw(long round, int partition)
    {
        var size = plan.Size(partition);
        if (_numbers.Length < size)
        {
            _numbers = new long[size];
        }

        plan.Rows(round, partition, _numbers.AsSpan(0, size));
        (_round, _partition) = (round, partition);
        return size;
    }

    /// <summary>Reads samples of the batch last drawn; valid until the next read.</summary>
    public Batch Read(int start, int count, CancellationToken stop)
    {
        // The compute lane is synchronous by contract; stored data are there at once, others are waited for.
        var numbers = _numbers.AsMemory(start, count);
        var read = rows.ReadAsync(_partition, numbers, stop);
        var batch = read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
        return batch with { Numbers = numbers, Partition = _partition, Round = _round };
    }
}
