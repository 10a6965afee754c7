namespace Sidestep.Training;

/// <summary>What a layer takes in for some samples: dense rows, or rows in CSR form.</summary>
public readonly ref struct LayerInput
{
    /// <summary>Dense rows.</summary>
    /// <param name="values">samples × features, row-major.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="features">Values per sample.</param>
    public LayerInput(ReadOnlySpan<float> values, int samples, int features)
    {
        Values = values[..(samples * features)];
        Samples = samples;
        Features = features;
    }

    /// <summary>Rows in CSR form.</summary>
    /// <param name="values">The non-zeros.</param>
    /// <param name="columns">The column of each.</param>
    /// <param name="rowStarts">samples + 1 starts into them.</param>
    /// <param name="features">Values per sample, zeros counted.</param>
    public LayerInput(ReadOnlySpan<float> values, ReadOnlySpan<int> columns, ReadOnlySpan<int> rowStarts, int features)
    {
        Values = values;
        RowStarts = rowStarts;
        Columns = columns;
        Samples = rowStarts.Length - 1;
        Features = features;
    }

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>Values per sample.</summary>
    public int Features { get; }

    /// <summary>Dense: all values, row-major. Sparse: the non-zeros.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>Sparse: samples + 1 starts into <see cref="Values"/>. Dense: empty.</summary>
    public ReadOnlySpan<int> RowStarts { get; }

    /// <summary>Sparse: the column of each non-zero. Dense: empty.</summary>
    public ReadOnlySpan<int> Columns { get; }

    /// <summary>Whether rows are in CSR form.</summary>
    public bool IsSparse => !RowStarts.IsEmpty;

    /// <summary>The samples of a batch.</summary>
    /// <param name="batch">The batch; its memory is seen, not copied.</param>
    public static LayerInput Of(in Batch batch) => batch.IsSparse
        ? new LayerInput(batch.Values.Span, batch.Columns.Span, batch.RowStarts.Span[..(batch.Count + 1)], batch.Features)
        : new LayerInput(batch.Values.Span, batch.Count, batch.Features);

    internal ReadOnlySpan<float> Row(int sample) => Values.Slice(sample * Features, Features);

    /// <summary>Where a sparse row lies in <see cref="Values"/> and <see cref="Columns"/>.</summary>
    internal (int Start, int Count) Range(int sample) => (RowStarts[sample], RowStarts[sample + 1] - RowStarts[sample]);
}
