using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>An immutable table of rows and labels over a memory-mapped cache file, memory-mapped shards or an array. Safe to share between threads; each thread takes its own <see cref="Rows"/>.</summary>
/// <remarks>Needs no disposal: a mapped file is let go when nothing refers to the data set or its rows.
/// <code>var data = DataCache.Open(new DigitPicturesSource(Count: 10_000, Seed: 1), DataCache.DefaultFolder);
/// var batch = await data.Rows(partitions: 4).ReadAsync(0, new long[] { 0, 1, 2 }, stop);</code></remarks>
public sealed class Dataset
{
    private readonly RowStorage _storage;
    private readonly long _first;

    internal Dataset(RowStorage storage, string name)
        : this(storage, name, 0, storage.Count)
    {
    }

    private Dataset(RowStorage storage, string name, long first, long count)
    {
        (_storage, Name, _first, Count) = (storage, name, first, count);
    }

    /// <summary>Number of rows.</summary>
    public long Count { get; }

    /// <summary>Features per row.</summary>
    public int Features => _storage.Features;

    /// <summary>Number of classes; 0 for regression.</summary>
    public int Classes => _storage.Classes;

    /// <summary>Whether rows hold only their non-zeros.</summary>
    public bool IsSparse => _storage.Format == RowFormat.Sparse;

    /// <summary>How rows are stored.</summary>
    public RowFormat Format => _storage.Format;

    /// <summary>Text: the characters that tokens stand for, token 0 first. Empty: the rows are no text.</summary>
    public string Vocabulary => _storage.Vocabulary;

    /// <summary>Text: by how many characters a row begins after the one before. Else 0.</summary>
    public int Stride => _storage is WindowStorage windows ? windows.Stride : 0;

    /// <summary>Name for reports.</summary>
    public string Name { get; }

    /// <summary>128 bits of SHA-256 over all decoded rows and labels, as hex: equal on two machines exactly if their data are. Slices have that of their whole;
    /// shards have another than a cache file of the same rows.</summary>
    public string Fingerprint => _storage.Fingerprint;

    /// <summary>A data set over a copy of dense values.</summary>
    /// <param name="name">Name for reports.</param>
    /// <param name="features">Features per row.</param>
    /// <param name="classes">Number of classes; 0 for regression.</param>
    /// <param name="values">Rows × features values, row-major, finite.</param>
    /// <param name="labels">One per row, as the loss wants them.</param>
    /// <exception cref="DataException">The lengths do not fit, there are no rows, or a value is not finite.</exception>
    public static Dataset FromMemory(string name, int features, int classes, ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        if (values.Length != (long)labels.Length * features)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {values.Length} values for {labels.Length} rows of {features} features"));
        }

        using var output = new MemoryStream();
        var writer = new DatasetWriter(output);
        writer.Begin(name, features, classes, RowFormat.Floats, classes == 0 ? LabelMap.AsIs : LabelMap.Kept);
        for (var row = 0; row < labels.Length; row++)
        {
            var slice = values.Slice(row * features, features);
            Finite.Check(name, row + 1, slice, labels[row]);
            writer.Add(slice, labels[row]);
        }

        writer.Finish();
        return FromBytes(output);
    }

    /// <summary>A data set over a copy of sparse values (CSR).</summary>
    /// <param name="name">Name for reports.</param>
    /// <param name="features">Features per row.</param>
    /// <param name="classes">Number of classes; 0 for regression.</param>
    /// <param name="starts">Rows + 1 starts into the values.</param>
    /// <param name="columns">The column of each value; increasing inside a row.</param>
    /// <param name="values">The non-zeros, finite.</param>
    /// <param name="labels">One per row, as the loss wants them.</param>
    /// <exception cref="DataException">The lengths do not fit, columns do not increase or are out of range, or a value is not finite.</exception>
    public static Dataset FromMemory(
        string name,
        int features,
        int classes,
        ReadOnlySpan<int> starts,
        ReadOnlySpan<int> columns,
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> labels)
    {
        if (starts.Length != labels.Length + 1 || columns.Length != values.Length || starts[0] != 0 || starts[^1] != values.Length)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {starts.Length} row starts, {columns.Length} columns, {values.Length} values and {labels.Length} labels do not fit together"));
        }

        using var output = new MemoryStream();
        var writer = new DatasetWriter(output);
        writer.Begin(name, features, classes, RowFormat.Sparse, classes == 0 ? LabelMap.AsIs : LabelMap.Kept);
        for (var row = 0; row < labels.Length; row++)
        {
            var range = starts[row]..starts[row + 1];
            CheckColumns(name, row + 1, columns[range], features);
            Finite.Check(name, row + 1, values[range], labels[row]);
            writer.Add(columns[range], values[range], labels[row]);
        }

        writer.Finish();
        return FromBytes(output);
    }

    /// <summary>The rows of a partition: consecutive, sizes differ by at most one, larger ones first.</summary>
    /// <param name="partitions">Number of partitions, at least 1.</param>
    /// <param name="index">The partition.</param>
    /// <returns>Its first row and its number of rows.</returns>
    /// <exception cref="ConfigurationException">There are fewer rows than partitions.</exception>
    public (long Start, long Count) Partition(int partitions, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, partitions);
        if (Count < partitions)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: {Count} rows cannot be cut into {partitions} partitions; at most {Count}"));
        }

        var (start, count) = RowRange.Of(Count, partitions, index);
        return (start, count);
    }

    /// <summary>A reader with its own reused buffers; reads complete at once and allocate nothing after warm-up.</summary>
    /// <param name="partitions">Number of partitions; 1 for the whole table.</param>
    /// <exception cref="ConfigurationException">There are fewer rows than partitions.</exception>
    public IRows Rows(int partitions)
    {
        _ = Partition(partitions, 0);
        return new DatasetRows(this, _storage, _first, partitions);
    }

    /// <summary>A view of consecutive rows that shares the storage, for example to hold out test rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">Number of rows, at least 1.</param>
    /// <exception cref="ConfigurationException">The rows are not all there.</exception>
    public Dataset Slice(long start, long count)
    {
        if (start < 0 || count < 1 || start > Count - count)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: rows {start}..{start + count - 1} are asked for; there are 0..{Count - 1}"));
        }

        return new Dataset(_storage, Name, _first + start, count);
    }

    /// <summary>Rows of each class (for two classes as −1/+1: of −1, of +1); empty for regression. Cost: one pass over the labels.</summary>
    public ImmutableArray<long> ClassCounts()
    {
        if (Classes == 0)
        {
            return [];
        }

        var counts = new long[Classes];
        var labels = new float[4096];
        for (long row = 0, taken; row < Count; row += taken)
        {
            taken = _storage.ReadLabels(_first + row, labels.AsSpan(0, (int)Math.Min(labels.Length, Count - row)));
            foreach (var label in labels.AsSpan(0, (int)taken))
            {
                counts[Math.Max(0, (int)label)]++;
            }
        }

        return [.. counts];
    }

    /// <summary>Opens storage; null if it is not a whole, undamaged data set of this version. Cost: one pass over the bytes.</summary>
    internal static Dataset? TryOpen(ByteStore store)
    {
        if (store.Length < DatasetHeader.RowsOffset)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[DatasetHeader.RowsOffset];
        store.Copy(0, head);
        if (!DatasetHeader.TryRead(head, store.Length, out var header) || store.Checksum(DatasetHeader.Size) != header.BodyCrc)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(head.Slice(DatasetHeader.Size, header.NameLength));
        return new Dataset(new WholeStorage(store, header), name);
    }

    private static Dataset FromBytes(MemoryStream output) =>
        TryOpen(new ArrayStore(output.GetBuffer(), (int)output.Length)) ?? throw new InvalidOperationException("A data set just written cannot be read.");

    private static void CheckColumns(string name, int row, ReadOnlySpan<int> columns, int features)
    {
        var last = -1;
        foreach (var column in columns)
        {
            if (column <= last || column >= features)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}, row {row}: column {column} after column {last}; columns must increase and lie in 0..{features - 1}"));
            }

            last = column;
        }
    }
}
