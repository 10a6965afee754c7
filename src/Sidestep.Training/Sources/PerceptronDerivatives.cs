namespace Sidestep.Training;

/// <summary>Rows of a derivative code computed inside back-propagation: δ of every layer is coded first, then one product of 1/K the size is left.</summary>
/// <remarks>Forward pass and δ recursion run in full, once per partition and round, and serve all rows of the slot. Shares are laid out as the
/// blocks of <see cref="PerLayerLayout"/>: tensor after tensor, ⌈outputs/K⌉ rows each; what a block lacks counts as zero. A slot keeps
/// activations, δ and the samples of the whole batch of each of its partitions. The result equals <see cref="PartitionGradients"/> over the same
/// layout up to rounding. Source: Soto, Ilmer, Guan, Li, "Lightweight projective derivative codes for compressed asynchronous gradient
/// descent", ICML 2022; where to code follows from (Σ_b v_b·δ_b)ᵀX = Σ_b v_b·(δ_bᵀX).
/// <code>var source = new PerceptronDerivatives(() => new Perceptron(784, [128], 10, Activation.Relu, 0), () => data.Rows(1), batches);</code></remarks>
public sealed class PerceptronDerivatives : IShareSource<float>
{
    private readonly Func<Perceptron> _objective;
    private readonly Func<IRows> _rows;
    private readonly IBatchPlan _batches;
    private readonly SourcePlans _plans;

    /// <summary>Creates it.</summary>
    /// <param name="objective">Makes one perceptron per slot.</param>
    /// <param name="rows">Opens the data, once per slot and partition.</param>
    /// <param name="batches">Which rows a round takes.</param>
    public PerceptronDerivatives(Func<Perceptron> objective, Func<IRows> rows, IBatchPlan batches)
    {
        (_objective, _rows, _batches) = (objective, rows, batches);
        _plans = new SourcePlans(batches, plainSumsShare: true);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The layout is not per layer, has another number of blocks than the table, or the table another
    /// number of partitions than the batches.</exception>
    public IShareWork<float> Open(int slot, CodeTable<float> table, BlockLayout layout)
    {
        if (layout is not PerLayerLayout perLayer || perLayer.Blocks != table.Blocks)
        {
            throw new ConfigurationException(
                $"derivatives of {table.Blocks} blocks are computed over the per-layer layout of {table.Blocks} blocks; the layout is {layout}");
        }

        return new DerivativeWork(slot, _plans.Of(table), perLayer, _objective(), _rows, _batches);
    }

    /// <inheritdoc/>
    public long Samples(long round) => _plans.Samples;

    /// <summary>Per partition of the row: 2/3 of a unit for forward pass and δ if no earlier row of the slot took it, and 1/(3K) for the weight gradients.</summary>
    /// <inheritdoc/>
    public long Cost(int row, CodeTable<float> table)
    {
        var plan = _plans.Of(table);
        return ((2 * Work.PerPartition * plan.Fresh[row]) + (Work.PerPartition * plan.Uses[row].Length / table.Blocks)) / 3;
    }
}
