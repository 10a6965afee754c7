namespace Sidestep.Training;

/// <summary>A slot's computations for <see cref="NetworkDerivatives"/>.</summary>
internal sealed class NetworkWork : IShareWork<float>
{
    private readonly NetworkPlan _plan;
    private readonly ILayered _objective;
    private readonly RowQueue _queue;
    private readonly PartitionPass?[] _passes;
    private readonly FactorCoder _coder;
    private readonly float[] _plain;
    private ReadOnlyMemory<float> _model;
    private CancellationToken _stop;
    private long _round;
    private double _penalty;

    public NetworkWork(int slot, NetworkPlan plan, ILayered objective, IMatrixProduct product, Func<PartitionBatches> batches)
    {
        (_plan, _objective) = (plan, objective);
        _coder = new FactorCoder(product);
        _queue = new RowQueue(slot, plan.Rows.Table);
        _passes = new PartitionPass?[plan.Rows.Table.Partitions];
        var longest = 0;
        for (var row = 0; row < plan.Codings.Length; row++)
        {
            if (plan.Rows.Table.Rows[row].Worker != slot)
            {
                continue;
            }

            foreach (var use in plan.Codings[row].Uses)
            {
                _passes[use.Partition] ??= new PartitionPass(objective.OpenPass(), batches());
                longest = plan.Codings[row].Parts
                    .Where(p => p.Products.IsEmpty && !p.IsPlain(use.Blocks)).Aggregate(longest, (most, p) => Math.Max(most, p.Cut.Rows * p.Cut.Columns));
            }
        }

        _plain = new float[longest];
    }

    public void Begin(long round, ReadOnlyMemory<float> model)
    {
        (_round, _model, _penalty) = (round, model, double.NaN);
        foreach (var pass in _passes)
        {
            pass?.Forget();
        }

        _queue.Begin();
    }

    public void Request(int row) => _queue.Request(row);

    public int Upcoming => _queue.Upcoming;

    public bool Withdraw(int row) => _queue.Withdraw(row);

    // Passes go on in Write, as far as the row needs them: a row is ready before the next layer's gradients are begun.
    public bool Next(out int row, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _stop = stop;
        return _queue.TryTake(out row);
    }

    public double Write(int row, Span<float> share)
    {
        var coding = _plan.Codings[row];
        double loss = 0;
        for (var u = 0; u < coding.Uses.Length; u++)
        {
            var use = coding.Uses[u];
            var pass = _passes[use.Partition]!;
            foreach (var part in coding.Parts)
            {
                pass.Reach(part.Stage, _round, use.Partition, _model, _stop);
                Add(pass.Pass, part, u, use, share.Slice(part.At, part.Cut.PartLength));
            }

            loss += use.LossWeight * (pass.Loss + (pass.Pass.Samples * Penalty()));
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

    private void Add(IStagedPass pass, RowPart part, int number, PartitionUse use, Span<float> sum)
    {
        if (!part.Products.IsEmpty)
        {
            _coder.Add(pass.Factors(part.Tensor), part.Cut, part.Products[number], sum, overwrite: number == 0);
            AddPenalty(part, use, pass.Samples, sum);
            return;
        }

        if (number == 0)
        {
            sum.Clear();
        }

        if (part.IsPlain(use.Blocks))
        {
            pass.AddGradient(part.Tensor, sum);
            return;
        }

        var gradient = _plain.AsSpan(0, part.Cut.Rows * part.Cut.Columns);
        gradient.Clear();
        pass.AddGradient(part.Tensor, gradient);
        foreach (var (block, weight) in use.Blocks)
        {
            part.Cut.Gather<float>(block, gradient, weight, sum);
        }
    }

    private void AddPenalty(RowPart part, PartitionUse use, int samples, Span<float> sum)
    {
        if (_objective.Penalty == 0)
        {
            return;
        }

        var weights = _model.Span.Slice(part.Offset, part.Cut.Rows * part.Cut.Columns);
        foreach (var (block, weight) in use.Blocks)
        {
            part.Cut.Gather(block, weights, (float)(weight * _objective.Penalty * samples), sum);
        }
    }

    // Of one sample: λ/2·‖weights‖².
    private double Penalty()
    {
        if (double.IsNaN(_penalty))
        {
            _penalty = WeightPenalty.Loss(_objective.Shape, _objective.IsWeight, _objective.Penalty, 1, _model.Span);
        }

        return _penalty;
    }

    /// <summary>The pass over one partition in this round, as far as it has come.</summary>
    private sealed class PartitionPass(IStagedPass pass, PartitionBatches batches)
    {
        private const int NotBegun = -2;
        private const int Forward = -1;

        private int _stage = NotBegun;

        public IStagedPass Pass => pass;

        public double Loss { get; private set; }

        public void Forget() => _stage = NotBegun;

        public void Reach(int stage, long round, int partition, ReadOnlyMemory<float> model, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            if (_stage == NotBegun)
            {
                Loss = pass.Forward(batches.Read(0, batches.Draw(round, partition), stop), model);
                _stage = Forward;
            }

            while (_stage < stage)
            {
                stop.ThrowIfCancellationRequested();
                pass.Backward(_stage + 1);
                _stage++;
            }
        }
    }
}
