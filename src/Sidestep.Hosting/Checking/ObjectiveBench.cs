namespace Sidestep.Hosting;

/// <summary>An objective, a batch and a point to try it at. One owner.</summary>
internal sealed class ObjectiveBench : IMetrics, IDisposable
{
    // Models that start at zero sit on a point too regular to show mistakes.
    private const double Shake = 0.02;

    private readonly Func<IObjective> _maker;
    private readonly IObjective _objective;
    private readonly Batch _batch;
    private readonly CancellationToken _stop;
    private readonly float[] _unused;
    private (double Sum, long Count) _loss;

    public ObjectiveBench(Func<IObjective> maker, Batch batch, ulong seed, CancellationToken stop)
    {
        (_maker, _batch, _stop) = (maker, batch, stop);
        _objective = maker();
        Point = new float[Shape.Length];
        _unused = new float[Shape.Length];
        _objective.Initialize(new Rng(seed, Purpose.Initialize, Slots.Coordinator, 0, 0), Point);
        var rng = new Rng(seed, Purpose.Test, 0, 0, -1);
        foreach (ref var value in Point.AsSpan())
        {
            value += (float)(Shake * rng.NextGaussian());
        }
    }

    public ModelShape Shape => _objective.Shape;

    public int Samples => _batch.Count;

    /// <summary>The point; must stay as it is.</summary>
    public float[] Point { get; }

    /// <summary>Summed loss and gradient of some samples of the batch.</summary>
    /// <param name="before">What the vector holds before.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many; absent: all.</param>
    /// <param name="another">Whether a fresh instance computes it.</param>
    public (double Loss, float[] Gradient) Gradient(float before = 0, int start = 0, int? count = null, bool another = false)
    {
        var sum = new float[Shape.Length];
        Array.Fill(sum, before);
        var objective = another ? _maker() : _objective;
        var loss = objective.Gradient(Slice(start, count ?? Samples), Point, sum, _stop);
        if (another)
        {
            (objective as IDisposable)?.Dispose();
        }

        return (loss, sum);
    }

    /// <summary>Summed loss of the batch at another point.</summary>
    public double LossAt(ReadOnlyMemory<float> point) => _objective.Gradient(_batch, point.Span, _unused, _stop);

    /// <summary>Mean loss by the objective's own evaluation; NaN if it reports none.</summary>
    public double EvaluatedLoss()
    {
        _loss = default;
        _objective.Evaluate(_batch, Point, this);
        return _loss.Count == 0 ? double.NaN : _loss.Sum / _loss.Count;
    }

    public void Dispose() => (_objective as IDisposable)?.Dispose();

    void IMetrics.Add(string name, double sum, long count)
    {
        if (name == "loss")
        {
            _loss = (_loss.Sum + sum, _loss.Count + count);
        }
    }

    private Batch Slice(int start, int count) => _batch with
    {
        Count = count,
        Labels = _batch.Labels.Slice(start, count),
        Values = _batch.IsSparse ? _batch.Values : _batch.Values.Slice(start * _batch.Features, count * _batch.Features),
        RowStarts = _batch.IsSparse ? _batch.RowStarts.Slice(start, count + 1) : default,
        Numbers = _batch.Numbers.IsEmpty ? default : _batch.Numbers.Slice(start, count),
    };
}
