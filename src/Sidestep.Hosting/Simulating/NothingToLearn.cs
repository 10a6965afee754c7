namespace Sidestep.Hosting;

/// <summary>A model, data and batches that cost next to nothing: what is left of a run is the scheme.</summary>
internal sealed class NothingToLearn(int partitions, int length) : IObjective, IRows, Training.IBatchPlan
{
    private static readonly Batch OneRow = new() { Count = 1, Features = 1, Values = new float[] { 1 }, Labels = new float[] { 1 } };

    public ModelShape Shape { get; } = ModelShape.Flat(length);

    public int Partitions => partitions;

    public void Initialize(Rng rng, Span<float> model) => model.Clear();

    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        sum[0] += 1;
        return 1;
    }

    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) => metrics.Add("loss", 1, 1);

    public long Count(int partition) => 1;

    public ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop) => new(OneRow);

    public int Size(int partition) => 1;

    public void Rows(long round, int partition, Span<long> rows) => rows.Clear();
}
