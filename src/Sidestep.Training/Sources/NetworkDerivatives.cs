namespace Sidestep.Training;

/// <summary>Rows of a derivative code computed inside back-propagation: factors of every layer's weight gradient are coded first, then one product of 1/K the size is left.</summary>
/// <remarks><para>Over a <see cref="LayerGroupsLayout"/> a slot's rows are ready one after the other while the backward pass goes on, last layer first; over a
/// <see cref="PerLayerLayout"/> a row covers the whole model. Tensors that are no weights are computed plainly. The forward pass runs once per
/// partition and round and serves all rows of the slot; activations, δ and samples of the whole batch of each of its partitions are kept, so that rows on
/// request can follow. The result equals <see cref="PartitionGradients"/> over the same layout up to rounding.</para>
/// <para>Parts of rows code δ: Σ_b v_b·(δ_bᵀX) = (Σ_b v_b·δ_b)ᵀX; parts of columns code the input X likewise; parts of both code both sides if the weights
/// are of rank one over (row part, column part), else a sum of as few products as possible. Source: Soto, Ilmer, Guan, Li, "Lightweight projective
/// derivative codes for compressed asynchronous gradient descent", ICML 2022, for coding derivatives inside back-propagation; where to code follows from the
/// identities above, the groups and the sending order are ours.</para>
/// <code>var layout = NetworkLayouts.Layers(network, rowParts: 4, columnParts: 1);
/// var source = new NetworkDerivatives(() => new Perceptron(784, [128], 10, Activation.Relu, 0), layout, () => data.Rows(1), batches);</code></remarks>
public sealed class NetworkDerivatives : IShareSource<float>
{
    private readonly Func<ILayered> _objective;
    private readonly Func<IRows> _rows;
    private readonly IBatchPlan _batches;
    private readonly TensorLayout _layout;
    private readonly KernelChoice _kernels;
    private readonly SourcePlans _plans;
    private readonly Lazy<ILayered> _shape;
    private NetworkPlan? _last;

    /// <summary>Creates it.</summary>
    /// <param name="objective">Makes one network per slot; all alike.</param>
    /// <param name="layout">What a block is.</param>
    /// <param name="rows">Opens the data, once per slot and partition.</param>
    /// <param name="batches">Which rows a round takes.</param>
    /// <param name="kernels">Which matrix kernels multiply coded factors.</param>
    public NetworkDerivatives(
        Func<ILayered> objective, TensorLayout layout, Func<IRows> rows, IBatchPlan batches, KernelChoice kernels = KernelChoice.Auto)
    {
        (_objective, _layout, _rows, _batches, _kernels) = (objective, layout, rows, batches, kernels);
        _plans = new SourcePlans(batches, plainSumsShare: true);
        _shape = new Lazy<ILayered>(objective);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The layout is not the source's, the table has another number of blocks or partitions, or a row mixes groups.</exception>
    public IShareWork<float> Open(int slot, CodeTable<float> table, BlockLayout layout)
    {
        if (!_layout.Equals(layout))
        {
            throw new ConfigurationException($"derivatives are computed over layout {_layout}, but the plan has {layout}; give both the same");
        }

        return new NetworkWork(slot, PlanOf(table), _objective(), MatrixProduct.Create(_kernels), () => new PartitionBatches(_rows(), _batches));
    }

    /// <inheritdoc/>
    public long Samples(long round) => _plans.Samples;

    /// <summary>
    /// Per partition of the row: a third of a unit for the forward pass if no earlier row of the slot took it; a third for δ and a third / K for the weight
    /// gradients, both by the share of the row's layers in the network's products. A row whose weights are of higher rank over parts of rows and columns
    /// pays for each of its products.
    /// </summary>
    /// <inheritdoc/>
    public long Cost(int row, CodeTable<float> table) => PlanOf(table).Costs[row];

    // Slots share one table, so the last plan is kept; a race makes two equal ones.
    private NetworkPlan PlanOf(CodeTable<float> table)
    {
        var plan = Volatile.Read(ref _last);
        if (plan is null || !ReferenceEquals(plan.Rows.Table, table))
        {
            var blocks = _layout.Count(_shape.Value.Shape);
            if (blocks != table.Blocks)
            {
                throw new ConfigurationException($"the code has {table.Blocks} blocks, but the layout of the network has {blocks}; make them equal");
            }

            plan = new NetworkPlan(_plans.Of(table), _layout, _shape.Value);
            Volatile.Write(ref _last, plan);
        }

        return plan;
    }
}
