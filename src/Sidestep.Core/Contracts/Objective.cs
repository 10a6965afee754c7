namespace Sidestep;

/// <summary>Some rows of a data set, dense or sparse (CSR). The memory belongs to whoever read it and is valid until the next read.</summary>
public readonly record struct Batch
{
    /// <summary>Number of samples.</summary>
    public required int Count { get; init; }

    /// <summary>Features per sample (dimension of the input).</summary>
    public required int Features { get; init; }

    /// <summary>Dense: Count × Features values, row-major. Sparse: the non-zeros.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>Labels: class index, ±1, or a regression target, one per sample.</summary>
    public required ReadOnlyMemory<float> Labels { get; init; }

    /// <summary>Sparse: Count + 1 starts into <see cref="Values"/>. Dense: empty.</summary>
    public ReadOnlyMemory<int> RowStarts { get; init; }

    /// <summary>Sparse: the column of each non-zero. Dense: empty.</summary>
    public ReadOnlyMemory<int> Columns { get; init; }

    /// <summary>Where the rows come from: their numbers inside <see cref="Partition"/>. Empty: not told, then round and partition mean nothing.</summary>
    public ReadOnlyMemory<long> Numbers { get; init; }

    /// <summary>The partition the rows belong to.</summary>
    public int Partition { get; init; }

    /// <summary>The round the rows were drawn for.</summary>
    public long Round { get; init; }

    /// <summary>Whether the values are in CSR form.</summary>
    public bool IsSparse => !RowStarts.IsEmpty;
}

/// <summary>What a user writes: a model's loss and gradient. One instance is used by one thread at a time.</summary>
public interface IObjective
{
    /// <summary>The model's tensors.</summary>
    ModelShape Shape { get; }

    /// <summary>Writes the start point, a pure function of the seed.</summary>
    /// <param name="rng">Randomness for initial weights.</param>
    /// <param name="model">The parameter vector; overwritten.</param>
    void Initialize(Rng rng, Span<float> model);

    /// <summary>Adds the SUM over samples of the gradient of the loss.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="model">The parameters.</param>
    /// <param name="sum">The gradient is added to it.</param>
    /// <param name="stop">Checked between chunks of work.</param>
    /// <returns>The summed loss.</returns>
    double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop);

    /// <summary>Adds losses, hits and counts of a batch to the metrics. Metrics that are no means: <see cref="IDerivedMetrics"/>.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="model">The parameters.</param>
    /// <param name="metrics">Receives sums.</param>
    void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics);
}

/// <summary>Sums of named measures over samples.</summary>
public interface IMetrics
{
    /// <summary>Adds to a named sum, for example ("loss", 3.2, 32). A count of 0 declares a name that only some batches add to.</summary>
    /// <param name="name">The measure: letters, digits, '.', '-' and '_'.</param>
    /// <param name="sum">Sum over the samples.</param>
    /// <param name="count">Number of samples.</param>
    void Add(string name, double sum, long count);
}

/// <summary>Access to the rows of partitions. One instance is used by one thread at a time.</summary>
public interface IRows
{
    /// <summary>Rows in a partition.</summary>
    /// <param name="partition">The partition.</param>
    long Count(int partition);

    /// <summary>Reads rows of a partition into a reused buffer.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="rows">Row numbers inside the partition.</param>
    /// <param name="stop">Cancels.</param>
    ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop);
}
