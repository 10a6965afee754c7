using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>Rows held out of a data set for validation. Nothing is copied: both parts are views, each in stored order.</summary>
/// <remarks>Which rows are held out is a pure function of (rows, fraction, seed): the first ones of a keyed permutation, so every node holds out the same.
/// Memory: 8 bytes per row held out. Reading the i-th remaining row costs a binary search.
/// <code>var split = new RowSplit(data.Count, fraction: 0.1, seed: 7);
/// var train = split.Remaining(data.Rows(1), partitions: 8);
/// var validation = split.HeldOut(data.Rows(1));</code></remarks>
public sealed class RowSplit
{
    private readonly long[] _held;

    /// <summary>Draws the rows.</summary>
    /// <param name="count">Rows of the whole, at least 1.</param>
    /// <param name="fraction">Share to hold out, above 0 and below 1; rounded to whole rows.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <exception cref="ConfigurationException">No row or every row would be held out; names the nearest valid fraction.</exception>
    public RowSplit(long count, double fraction, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var held = fraction is > 0 and < 1 ? (long)Math.Floor((fraction * count) + 0.5) : 0;
        if (held < 1 || held >= count)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"validation.fraction {fraction} of {count} rows holds out {(fraction >= 1 ? count : held)} and leaves {(fraction >= 1 ? 0 : count - held)}; both must be at least 1, so choose from {Shown(1.0 / count)} to {Shown(1 - (1.0 / count))}"));
        }

        var order = new KeyedPermutation(count, new Rng(seed, Purpose.Split, Slots.Coordinator, 0, 0));
        _held = new long[held];
        for (var i = 0; i < _held.Length; i++)
        {
            _held[i] = order[i];
        }

        Array.Sort(_held);
        (Count, RemainingCount) = (count, count - held);
    }

    private RowSplit(long count, long remaining, long[] held) => (Count, RemainingCount, _held) = (count, remaining, held);

    /// <summary>Rows of the whole.</summary>
    public long Count { get; }

    /// <summary>Rows held out.</summary>
    public long HeldOutCount => _held.Length;

    /// <summary>Rows that remain.</summary>
    public long RemainingCount { get; }

    /// <summary>Holds out the end of a text: its last windows, of which none shares a character with one that remains.</summary>
    /// <remarks>Windows that lie across the cut are in neither part. Of the held-out ones only those that begin at least a context apart are taken, so that
    /// measuring does not go over the same characters again and again.</remarks>
    /// <param name="text">Windows over a text (<see cref="TextSource"/>).</param>
    /// <param name="fraction">Share of the windows that is held out, above 0 and below 1.</param>
    /// <exception cref="ConfigurationException">Nothing would be held out, or nothing remain.</exception>
    public static RowSplit TextEnd(Dataset text, double fraction)
    {
        var end = fraction is > 0 and < 1 ? (long)Math.Floor((fraction * text.Count) + 0.5) : 0;
        var across = text.Features / text.Stride;
        var remaining = text.Count - end - across;
        if (end < 1 || remaining < 1)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"validation.fraction {fraction} of {text.Count} windows of {text.Features} characters holds out {end} and leaves {Math.Max(remaining, 0)} that share no character with them; both must be at least 1: choose another fraction, a smaller context or a longer text"));
        }

        var step = (text.Features + text.Stride - 1) / text.Stride;
        var held = new long[(end + step - 1) / step];
        for (var i = 0; i < held.Length; i++)
        {
            held[i] = text.Count - end + ((long)i * step);
        }

        return new RowSplit(text.Count, remaining, held);
    }

    /// <summary>Where a held-out row lies in the whole.</summary>
    /// <param name="row">0 to <see cref="HeldOutCount"/> − 1; ascending.</param>
    public long HeldOutRow(long row) => _held[row];

    /// <summary>Where a remaining row lies in the whole.</summary>
    /// <param name="row">0 to <see cref="RemainingCount"/> − 1; ascending.</param>
    public long RemainingRow(long row)
    {
        // The held-out rows before it: held[k] − k remaining rows lie before the k-th of them.
        int low = 0, high = _held.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _held[middle] - middle > row ? (low, middle) : (middle + 1, high);
        }

        return row + low;
    }

    /// <summary>Rows of each partition of what remains: consecutive, sizes differ by at most one, larger ones first.</summary>
    /// <param name="partitions">Number of partitions, at least 1.</param>
    /// <exception cref="ConfigurationException">Fewer rows remain than there are partitions; names the nearest valid fraction.</exception>
    public ImmutableArray<long> PartitionCounts(int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        if (RemainingCount >= partitions)
        {
            return [.. Enumerable.Range(0, partitions).Select(p => RowRange.Of(RemainingCount, partitions, p).Count)];
        }

        throw new ConfigurationException(Count > partitions
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"validation.fraction leaves {RemainingCount} of {Count} rows for {partitions} partitions; hold out at most {Shown((double)(Count - partitions) / Count)}")
            : string.Create(
                CultureInfo.InvariantCulture, $"{Count} rows are too few for {partitions} partitions and a validation set; use fewer workers or validation data of its own"));
    }

    /// <summary>A reader of what remains, cut into partitions. Allocates nothing after warm-up.</summary>
    /// <param name="whole">A reader of the whole as one partition; used by this reader alone.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <exception cref="ConfigurationException">Fewer rows remain than there are partitions.</exception>
    public IRows Remaining(IRows whole, int partitions)
    {
        _ = PartitionCounts(partitions);
        return new SplitRows(whole, RemainingRow, RemainingCount, partitions);
    }

    /// <summary>A reader of the held-out rows as one partition. Allocates nothing after warm-up.</summary>
    /// <param name="whole">A reader of the whole as one partition; used by this reader alone.</param>
    public IRows HeldOut(IRows whole) => new SplitRows(whole, HeldOutRow, HeldOutCount, 1);

    private static string Shown(double fraction) => fraction.ToString("0.######", CultureInfo.InvariantCulture);
}
