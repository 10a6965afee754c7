namespace Sidestep.Training;

/// <summary>Rows as weighted sums of partition gradients of any objective: the source for all codes over data.</summary>
/// <remarks>A row that is a plain sum of whole gradients (replication, no coding) is accumulated where it will be sent from: partition after
/// partition, ascending, no pass more than the gradients themselves. For other rows each partition's gradient is computed once, from zero, and
/// its blocks are added with their weights; a gradient that several such rows of a slot take is kept for the round (one vector each).
/// The operations of a row are a function of its terms alone, hence replicas agree to the bit. A NaN in a gradient is passed on.
/// <code>var source = new PartitionGradients(() => new Softmax(784, 10, 1e-4), () => data.Rows(8), BatchPlan.For(data, 8, 256, seed: 1));</code></remarks>
public sealed class PartitionGradients : IShareSource<float>
{
    private readonly Func<IObjective> _objective;
    private readonly Func<IRows> _rows;
    private readonly IBatchPlan _batches;
    private readonly SourcePlans _plans;

    /// <summary>Creates it.</summary>
    /// <param name="objective">Makes one objective per slot.</param>
    /// <param name="rows">Opens the data, once per slot.</param>
    /// <param name="batches">Which rows a round takes.</param>
    public PartitionGradients(Func<IObjective> objective, Func<IRows> rows, IBatchPlan batches)
    {
        (_objective, _rows, _batches) = (objective, rows, batches);
        _plans = new SourcePlans(batches, plainSumsShare: false);
    }

    /// <inheritdoc/>
    /// <remarks>Cancellation is seen between chunks of samples, in <see cref="IShareWork{T}.Next"/> and in the write that follows it; the
    /// cancelled row is taken back by <see cref="IShareWork{T}.Withdraw"/>, the others go on.</remarks>
    /// <exception cref="ConfigurationException">The table has another number of partitions than the batches.</exception>
    public IShareWork<float> Open(int slot, CodeTable<float> table, BlockLayout layout) =>
        new PartitionWork(slot, _plans.Of(table), layout, _objective(), new PartitionBatches(_rows(), _batches));

    /// <inheritdoc/>
    public long Samples(long round) => _plans.Samples;

    /// <summary>One unit for every partition of the row whose gradient must be computed for it: all of a plain sum's, else those that no earlier row of the slot keeps.</summary>
    /// <inheritdoc/>
    public long Cost(int row, CodeTable<float> table) => Work.PerPartition * _plans.Of(table).Fresh[row];
}
