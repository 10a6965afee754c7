using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

/// <summary>Partitions in memory; like the real thing it answers out of one buffer, which the next read overwrites.</summary>
internal sealed class ArrayRows(Batch[] partitions, bool isSlow = false) : IRows
{
    private float[] _values = [];
    private float[] _labels = [];

    public long Count(int partition) => partitions[partition].Count;

    public async ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop)
    {
        if (isSlow)
        {
            await Task.Delay(1, stop);
        }

        var all = partitions[partition];
        if (_labels.Length < rows.Length)
        {
            _values = new float[rows.Length * all.Features];
            _labels = new float[rows.Length];
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var row = (int)rows.Span[i];
            all.Values.Slice(row * all.Features, all.Features).CopyTo(_values.AsMemory(i * all.Features));
            _labels[i] = all.Labels.Span[row];
        }

        return all with { Count = rows.Length, Values = _values.AsMemory(0, rows.Length * all.Features), Labels = _labels.AsMemory(0, rows.Length) };
    }

    public static Batch[] Random(int partitions, int count, int features, int classes) =>
        [.. Enumerable.Range(0, partitions).Select(p => Samples.Dense(100 + p, count, features, i => (i + p) % classes))];
}

/// <summary>Row (round + j) mod count for sample j.</summary>
internal sealed class RotatingBatches(int partitions, int count, int size) : IBatchPlan
{
    public int Partitions => partitions;

    public int Size(int partition) => size;

    public void Rows(long round, int partition, Span<long> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, size);
        for (var j = 0; j < rows.Length; j++)
        {
            rows[j] = (round + j) % count;
        }
    }
}
