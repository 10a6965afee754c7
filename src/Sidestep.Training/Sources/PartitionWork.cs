namespace Sidestep.Training;

/// <summary>A slot's computations for <see cref="PartitionGradients"/>.</summary>
internal sealed class PartitionWork : IShareWork<float>
{
    // Samples read at a time: bounds memory when a batch is a whole partition.
    private const int ReadAtOnce = 1024;

    private readonly RowPlan _plan;
    private readonly BlockLayout _layout;
    private readonly IObjective _objective;
    private readonly ModelShape _shape;
    private readonly PartitionBatches _batches;
    private readonly RowQueue _queue;
    private readonly bool _isWhole;
    private readonly float[] _scratch;
    private readonly float[]?[] _kept;
    private readonly double[] _losses;
    private readonly bool[] _isKnown;
    private ReadOnlyMemory<float> _model;
    private CancellationToken _stop;
    private long _round;

    public PartitionWork(int slot, RowPlan plan, BlockLayout layout, IObjective objective, PartitionBatches batches)
    {
        (_plan, _layout, _objective, _batches) = (plan, layout, objective, batches);
        _shape = objective.Shape;
        _queue = new RowQueue(slot, plan.Table);
        _isWhole = layout is ContiguousLayout { Blocks: 1 } or PerLayerLayout { Blocks: 1 };
        _kept = new float[]?[plan.Table.Partitions];
        _losses = new double[plan.Table.Partitions];
        _isKnown = new bool[plan.Table.Partitions];
        for (var partition = 0; partition < _kept.Length; partition++)
        {
            _kept[partition] = !plan.OnlyPlainSums && plan.IsShared(slot, partition) ? new float[_shape.Length] : null;
        }

        var isPlain = Enumerable.Range(0, plan.Uses.Length).All(r => plan.Table.Rows[r].Worker != slot || IsDirect(r));
        _scratch = isPlain ? [] : new float[_shape.Length];
    }

    public void Begin(long round, ReadOnlyMemory<float> model)
    {
        (_round, _model) = (round, model);
        Array.Clear(_isKnown);
        _queue.Begin();
    }

    public void Request(int row) => _queue.Request(row);

    public int Upcoming => _queue.Upcoming;

    public bool Withdraw(int row) => _queue.Withdraw(row);

    // The gradients are computed in Write, straight into the share.
    public bool Next(out int row, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _stop = stop;
        return _queue.TryTake(out row);
    }

    public double Write(int row, Span<float> share)
    {
        share.Clear();
        double loss = 0;
        var isDirect = IsDirect(row);
        foreach (var use in _plan.Uses[row])
        {
            if (isDirect)
            {
                loss += AddGradient(use.Partition, share);
                continue;
            }

            var gradient = Gradient(use.Partition);
            loss += use.LossWeight * _losses[use.Partition];
            foreach (var (block, weight) in use.Blocks)
            {
                _layout.Gather(block, _shape, gradient, weight, share);
            }
        }

        return loss;
    }

    // Everything is a function of the round and the model: nothing to save at a round boundary.
    public void Save(IStateWriter writer)
    {
    }

    public void Load(IStateReader reader)
    {
    }

    private bool IsDirect(int row) => _isWhole && _plan.IsPlainSum[row];

    private ReadOnlySpan<float> Gradient(int partition)
    {
        var buffer = _kept[partition] ?? _scratch;
        if (!_isKnown[partition])
        {
            Array.Clear(buffer);
            _losses[partition] = AddGradient(partition, buffer);
            _isKnown[partition] = _kept[partition] is not null;
        }

        return buffer;
    }

    private double AddGradient(int partition, Span<float> sum)
    {
        double loss = 0;
        var size = _batches.Draw(_round, partition);
        for (var start = 0; start < size; start += ReadAtOnce)
        {
            _stop.ThrowIfCancellationRequested();
            var batch = _batches.Read(start, Math.Min(ReadAtOnce, size - start), _stop);
            loss += _objective.Gradient(batch, _model.Span, sum, _stop);
        }

        return loss;
    }
}
