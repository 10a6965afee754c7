namespace Sidestep.Training.Tests.Strategies;

/// <summary>Partition j pulls the parameters towards its own point: g_j = a_j·(θ − b_j), or small integers in integer mode.</summary>
internal sealed class ToySource(int partitions, int length, bool integers = false) : IShareSource<float>
{
    public IShareWork<float> Open(int slot, CodeTable<float> table, BlockLayout layout) => new ToyWork(this, slot, table, layout);

    public long Samples(long round) => partitions;

    public long Cost(int row, CodeTable<float> table) => Work.PerPartition * table.Rows[row].Terms.Length;

    public float Gradient(int partition, long round, int coordinate, float value)
    {
        var rng = new Rng(5, Purpose.Test, partition, integers ? round : 0, coordinate);
        return integers
            ? rng.Next(7) - 3
            : (1 + (0.1f * partition)) * (value - ((float)rng.NextDouble() * 4) + 2);
    }

    public ModelShape Shape => ModelShape.Flat(length);

    private sealed class ToyWork(ToySource source, int slot, CodeTable<float> table, BlockLayout layout) : IShareWork<float>
    {
        private readonly List<int> _queue = [];
        private readonly HashSet<int> _seen = [];
        private readonly float[] _full = new float[source.Shape.Length];
        private long _round;
        private ReadOnlyMemory<float> _model;

        public void Begin(long round, ReadOnlyMemory<float> model)
        {
            (_round, _model) = (round, model);
            _queue.Clear();
            _seen.Clear();
            for (var row = 0; row < table.Rows.Length; row++)
            {
                if (table.Rows[row].Worker == slot && !table.Rows[row].OnRequest)
                {
                    Request(row);
                }
            }
        }

        public void Request(int row)
        {
            if (_seen.Add(row))
            {
                _queue.Add(row);
            }
        }

        public int Upcoming => _queue.Count > 0 ? _queue[0] : -1;

        public bool Withdraw(int row)
        {
            _seen.Remove(row);
            return _queue.Remove(row);
        }

        public bool Next(out int row, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            row = Upcoming;
            return _queue.Remove(row);
        }

        public double Write(int row, Span<float> share)
        {
            share.Clear();
            double loss = 0;
            foreach (var term in table.Rows[row].Terms)
            {
                foreach (var (partition, weight) in table.Items[term.Item].Mix)
                {
                    for (var i = 0; i < _full.Length; i++)
                    {
                        _full[i] = source.Gradient(partition, _round, i, _model.Span[i]);
                        loss += weight * term.Weight * _full[i] * _full[i];
                    }

                    layout.Gather(term.Block, source.Shape, _full, weight * term.Weight, share);
                }
            }

            return loss;
        }

        public void Save(IStateWriter writer)
        {
        }

        public void Load(IStateReader reader)
        {
        }
    }
}

internal sealed class ToyObjective(int length) : IObjective
{
    public ModelShape Shape { get; } = ModelShape.Flat(length);

    public void Initialize(Rng rng, Span<float> model) => model.Clear();

    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) => 0;

    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
    }
}
