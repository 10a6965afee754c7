using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Reads rows of a data set into its own buffers.</summary>
internal sealed class DatasetRows(Dataset dataset, RowStorage storage, long first, int partitions) : IRows
{
    private const int EntrySize = sizeof(int) + sizeof(float);
    private const int MostSparseRows = 4096;

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

        var batch = dataset.IsSparse ? ReadSparse(rows.Span, first + start) : ReadDense(rows.Span, first + start);
        GC.KeepAlive(storage);
        return new ValueTask<Batch>(batch);
    }

    /// <summary>Number of consecutive rows from a place in the list on, so that they are copied in one go.</summary>
    private static int Run(ReadOnlySpan<long> rows, int from, int most)
    {
        var length = 1;
        while (from + length < rows.Length && length < most && rows[from + length] == rows[from] + length)
        {
            length++;
        }

        return length;
    }

    private Batch ReadDense(ReadOnlySpan<long> rows, long start)
    {
        var features = storage.Features;
        var stride = storage.Format == RowFormat.Bytes ? features : (long)features * sizeof(float);
        Grow(ref _labels, rows.Length);
        Grow(ref _values, (long)rows.Length * features);
        if (storage is WindowStorage windows)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                _labels[i] = windows.Read(start + rows[i], _values.AsSpan(i * features, features));
            }

            return Dense(rows.Length, features);
        }

        var most = (int)Math.Clamp(storage.LargestView / stride, 1, int.MaxValue);
        for (int i = 0, run; i < rows.Length; i += run)
        {
            var row = start + rows[i];
            var piece = storage.Piece(row);
            run = Run(rows, i, Math.Min(most, piece.RowsFrom(row)));
            piece.ReadLabels(row, _labels.AsSpan(i, run));
            var source = piece.Store.View(piece.RowsOffset + ((row - piece.First) * stride), checked((int)(run * stride)));
            var target = _values.AsSpan(i * features, run * features);
            if (storage.Format == RowFormat.Bytes)
            {
                PixelKernels.Scale(source, target);
            }
            else
            {
                source.CopyTo(MemoryMarshal.AsBytes(target));
            }
        }

        return Dense(rows.Length, features);
    }

    private Batch Dense(int count, int features) => new()
    {
        Count = count,
        Features = features,
        Values = _values.AsMemory(0, count * features),
        Labels = _labels.AsMemory(0, count),
    };

    private Batch ReadSparse(ReadOnlySpan<long> rows, long start)
    {
        Grow(ref _labels, rows.Length);
        Grow(ref _starts, rows.Length + 1L);
        _starts[0] = 0;
        for (int i = 0, run; i < rows.Length; i += run)
        {
            var row = start + rows[i];
            var piece = storage.Piece(row);
            run = Run(rows, i, Math.Min(MostSparseRows, piece.RowsFrom(row)));
            piece.ReadLabels(row, _labels.AsSpan(i, run));
            var starts = MemoryMarshal.Cast<byte, long>(
                piece.Store.View(piece.StartsOffset + ((row - piece.First) * sizeof(long)), (run + 1) * sizeof(long)));
            while (run > 1 && (starts[run] - starts[0]) * EntrySize > storage.LargestView)
            {
                run /= 2;
            }

            Grow(ref _values, _starts[i] + starts[run] - starts[0]);
            Grow(ref _columns, _starts[i] + starts[run] - starts[0]);
            CopyEntries(piece, i, starts[..(run + 1)]);
        }

        return new Batch
        {
            Count = rows.Length,
            Features = storage.Features,
            Values = _values.AsMemory(0, _starts[rows.Length]),
            Labels = _labels.AsMemory(0, rows.Length),
            RowStarts = _starts.AsMemory(0, rows.Length + 1),
            Columns = _columns.AsMemory(0, _starts[rows.Length]),
        };
    }

    /// <summary>Copies consecutive rows.</summary>
    private void CopyEntries(in RowPiece piece, int row, ReadOnlySpan<long> starts)
    {
        var source = piece.Store.View(
            piece.RowsOffset + (starts[0] * EntrySize), checked((int)((starts[^1] - starts[0]) * EntrySize)));
        var at = _starts[row];
        for (var r = 0; r + 1 < starts.Length; r++)
        {
            var length = (int)(starts[r + 1] - starts[r]);
            var bytes = length * sizeof(int);
            source[..bytes].CopyTo(MemoryMarshal.AsBytes(_columns.AsSpan(at, length)));
            source.Slice(bytes, bytes).CopyTo(MemoryMarshal.AsBytes(_values.AsSpan(at, length)));
            source = source[(2 * bytes)..];
            at += length;
            _starts[row + r + 1] = at;
        }
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
