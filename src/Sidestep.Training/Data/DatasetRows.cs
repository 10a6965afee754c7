using System.Globalization;

namespace Sidestep.Training;

/// <summary>Reads rows of a data set into its own buffers.</summary>
internal sealed class DatasetRows(Dataset dataset, ByteStore store, DatasetHeader header, long first, int partitions) : IRows
{
    private float[] _values = [];
    private float[] _labels = [];
    private int[] _starts = [];
    private int[] _columns = [];

    public long Count(int partition) => dataset.Partition(partitions, partition).Count;

    public ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Batch>(stop);
        }

        var (start, count) = dataset.Partition(partitions, partition);
        foreach (var row in rows.Span)
        {
            if ((ulong)row >= (ulong)count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, string.Create(
                    CultureInfo.InvariantCulture, $"Partition {partition} of {dataset.Name} has rows 0..{count - 1}."));
            }
        }

        ReadLabels(rows.Span, first + start);
        return new ValueTask<Batch>(dataset.IsSparse ? ReadSparse(rows.Span, first + start) : ReadDense(rows.Span, first + start));
    }

    private void ReadLabels(ReadOnlySpan<long> rows, long start)
    {
        Grow(ref _labels, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            store.Copy(header.LabelsOffset + ((start + rows[i]) * sizeof(float)), _labels.AsSpan(i, 1));
        }
    }

    private Batch ReadDense(ReadOnlySpan<long> rows, long start)
    {
        var features = header.Features;
        Grow(ref _values, (long)rows.Length * features);
        for (var i = 0; i < rows.Length; i++)
        {
            var target = _values.AsSpan(i * features, features);
            if (header.Format == RowFormat.Bytes)
            {
                store.CopyScaled(DatasetHeader.RowsOffset + ((start + rows[i]) * features), target);
            }
            else
            {
                store.Copy(DatasetHeader.RowsOffset + ((start + rows[i]) * features * sizeof(float)), target);
            }
        }

        return new Batch
        {
            Count = rows.Length,
            Features = features,
            Values = _values.AsMemory(0, rows.Length * features),
            Labels = _labels.AsMemory(0, rows.Length),
        };
    }

    private Batch ReadSparse(ReadOnlySpan<long> rows, long start)
    {
        Grow(ref _starts, rows.Length + 1L);
        _starts[0] = 0;
        Span<long> bounds = stackalloc long[2];
        for (var i = 0; i < rows.Length; i++)
        {
            var (_, length) = RowBounds(start + rows[i], bounds);
            var end = (long)_starts[i] + length;
            Grow(ref _values, end);
            Grow(ref _columns, end);
            _starts[i + 1] = (int)end;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            // A row is stored as its columns, then its values: two copies and no second file section.
            var (offset, length) = RowBounds(start + rows[i], bounds);
            store.Copy(offset, _columns.AsSpan(_starts[i], length));
            store.Copy(offset + ((long)length * sizeof(int)), _values.AsSpan(_starts[i], length));
        }

        return new Batch
        {
            Count = rows.Length,
            Features = header.Features,
            Values = _values.AsMemory(0, _starts[rows.Length]),
            Labels = _labels.AsMemory(0, rows.Length),
            RowStarts = _starts.AsMemory(0, rows.Length + 1),
            Columns = _columns.AsMemory(0, _starts[rows.Length]),
        };
    }

    private (long Offset, int Length) RowBounds(long row, Span<long> bounds)
    {
        store.Copy(header.StartsOffset + (row * sizeof(long)), bounds);
        return (DatasetHeader.RowsOffset + (bounds[0] * (sizeof(int) + sizeof(float))), (int)(bounds[1] - bounds[0]));
    }

    private void Grow<T>(ref T[] buffer, long length)
    {
        if (length > Array.MaxLength)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{dataset.Name}: a batch of {length} values is more than one array holds ({Array.MaxLength}); take fewer samples a round or more partitions"));
        }

        if (buffer.Length < length)
        {
            var larger = new T[Math.Min(Array.MaxLength, Math.Max(length, buffer.Length * 3L / 2))];
            buffer.CopyTo(larger, 0);
            buffer = larger;
        }
    }
}
