namespace Sidestep.Training;

/// <summary>Reads a round's batch of a partition, whole or in parts; owns the list of row numbers.</summary>
internal sealed class PartitionBatches(IRows rows, IBatchPlan plan)
{
    private long[] _numbers = [];
    private int _partition;

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
        _partition = partition;
        return size;
    }

    /// <summary>Reads samples of the batch last drawn; valid until the next read.</summary>
    public Batch Read(int start, int count, CancellationToken stop)
    {
        // The compute lane is synchronous by contract; stored data are there at once, others are waited for.
        var read = rows.ReadAsync(_partition, _numbers.AsMemory(start, count), stop);
        return read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
    }
}
