namespace Sidestep.Training;

/// <summary>A slot's computations for <see cref="PerceptronDerivatives"/>.</summary>
internal sealed class DerivativeWork : IShareWork<float>
{
    private readonly RowPlan _plan;
    private readonly PerLayerLayout _layout;
    private readonly Perceptron _objective;
    private readonly RowQueue _queue;
    private readonly PartitionState?[] _partitions;
    private readonly float[] _coded;
    private ReadOnlyMemory<float> _model;
    private CancellationToken _stop;
    private long _round;

    public DerivativeWork(
        int slot, RowPlan plan, PerLayerLayout layout, Perceptron objective, Func<IRows> rows, IBatchPlan batches)
    {
        (_plan, _layout, _objective) = (plan, layout, objective);
        _queue = new RowQueue(slot, plan.Table);
        _partitions = new PartitionState?[plan.Table.Partitions];
        var most = 0;
        for (var row = 0; row < plan.Uses.Length; row++)
        {
            foreach (var use in plan.Table.Rows[row].Worker == slot ? plan.Uses[row] : [])
            {
                _partitions[use.Partition] ??= new PartitionState(objective.CreatePass(), new PartitionBatches(rows(), batches));
                most = Math.Max(most, batches.Size(use.Partition));
            }
        }

        _coded = new float[most * objective.Shape.Tensors.Max(layout.PartRows)];
    }

    public void Begin(long round, ReadOnlyMemory<float> model)
    {
        (_round, _model) = (round, model);
        foreach (var partition in _partitions)
        {
            partition?.Forget();
        }

        _queue.Begin();
    }

    public void Request(int row) => _queue.Request(row);

    public int Upcoming => _queue.Upcoming;

    public bool Withdraw(int row) => _queue.Withdraw(row);

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
        foreach (var use in _plan.Uses[row])
        {
            var partition = _partitions[use.Partition]!;
            partition.Run(_round, use.Partition, _model.Span, _stop);
            AddLayers(partition.Pass, use.Blocks.AsSpan(), share);
            AddPenalty(partition.Pass.Samples, use.Blocks.AsSpan(), share);
            loss += use.LossWeight * (partition.Loss + WeightPenalty.Loss(_objective.Shape, _objective.Penalty, partition.Pass.Samples, _model.Span));
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

    private void AddLayers(PerceptronPass pass, ReadOnlySpan<BlockWeight> code, Span<float> share)
    {
        var tensors = _objective.Shape.Tensors;
        for (int layer = 0, at = 0; layer < pass.Layers; layer++)
        {
            _stop.ThrowIfCancellationRequested();
            var (inputs, outputs) = (_objective.Widths[layer], _objective.Widths[layer + 1]);
            var partRows = _layout.PartRows(tensors[2 * layer]);
            var coded = _coded.AsSpan(0, pass.Samples * partRows);
            CodedLayer.Combine(pass.Delta(layer), pass.Samples, outputs, partRows, code, coded);
            CodedLayer.WeightGradient(_objective.Product, coded, partRows, pass.Input(layer), share.Slice(at, partRows * inputs));
            CodedLayer.BiasGradient(coded, pass.Samples, share.Slice(at + (partRows * inputs), partRows));
            at += partRows * (inputs + 1);
        }
    }

    private void AddPenalty(int samples, ReadOnlySpan<BlockWeight> code, Span<float> share)
    {
        if (_objective.Penalty == 0)
        {
            return;
        }

        int at = 0, offset = 0;
        for (var tensor = 0; tensor < _objective.Shape.Tensors.Length; tensor++)
        {
            var shape = _objective.Shape.Tensors[tensor];
            var part = _layout.PartRows(shape) * shape.Stride;
            foreach (var (block, weight) in WeightPenalty.IsPenalised(tensor) ? code : [])
            {
                var first = Math.Min(shape.Length, block * part);
                var values = _model.Span.Slice(offset + first, Math.Min(part, shape.Length - first));
                Axpy.Add((float)(weight * _objective.Penalty * samples), values, share.Slice(at, part));
            }

            at += part;
            offset += shape.Length;
        }
    }

    /// <summary>Forward pass and δ of one partition in this round.</summary>
    private sealed class PartitionState(PerceptronPass pass, PartitionBatches batches)
    {
        private bool _isKnown;

        public PerceptronPass Pass => pass;

        public double Loss { get; private set; }

        public void Forget() => _isKnown = false;

        public void Run(long round, int partition, ReadOnlySpan<float> model, CancellationToken stop)
        {
            if (_isKnown)
            {
                return;
            }

            stop.ThrowIfCancellationRequested();
            var batch = batches.Read(0, batches.Draw(round, partition), stop);
            Loss = pass.Run(batch, model);
            _isKnown = true;
        }
    }
}
