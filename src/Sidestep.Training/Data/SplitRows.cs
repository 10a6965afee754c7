using System.Globalization;

namespace Sidestep.Training;

/// <summary>Rows of a part of a data set, by their numbers in the whole.</summary>
internal sealed class SplitRows(IRows whole, Func<long, long> place, long count, int partitions) : IRows
{
    private long[] _places = [];

    public long Count(int partition) => RowRange.Of(count, partitions, partition).Count;

    public ValueTask<Batch> ReadAsync(int partition, ReadOnlyMemory<long> rows, CancellationToken stop)
    {
        var range = RowRange.Of(count, partitions, partition);
        if (_places.Length < rows.Length)
        {
            _places = new long[rows.Length];
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows.Span[i];
            if ((ulong)row >= (ulong)range.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, string.Create(
                    CultureInfo.InvariantCulture, $"Partition {partition} of {partitions} has rows 0..{range.Count - 1}."));
            }

            _places[i] = place(range.Start + row);
        }

        return whole.ReadAsync(0, _places.AsMemory(0, rows.Length), stop);
    }
}
