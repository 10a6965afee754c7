using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>Batches without replacement: in every pass over a partition each row is taken once, in an order that is a pure function of (seed, pass, partition).</summary>
/// <remarks>Row j of round r is element (r·b + j) of the partition's endless sequence of shuffled passes, so a batch may reach over the end of a pass.
/// With a full batch every round takes all rows in stored order.
/// <code>var plan = BatchPlan.For(data, partitions: 8, samplesPerRound: 256, seed: 1);
/// var rows = new long[plan.Size(0)];
/// plan.Rows(round: 17, partition: 0, rows);</code></remarks>
public sealed class BatchPlan : IBatchPlan
{
    private readonly ulong _seed;
    private readonly ImmutableArray<long> _counts;
    private readonly int _samples;

    /// <summary>Plans batches.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="counts">Rows of each partition, at least 1 each.</param>
    /// <param name="samplesPerRound">Rows a round takes from all partitions together, split evenly (the first get one more); 0: all rows.</param>
    /// <exception cref="ConfigurationException">A partition is empty, or the samples do not fit; names the nearest valid choice.</exception>
    public BatchPlan(ulong seed, ImmutableArray<long> counts, int samplesPerRound)
    {
        (_seed, _counts, _samples) = (seed, counts, samplesPerRound);
        if (counts.IsDefaultOrEmpty || counts.Any(c => c < 1))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"batches: {(counts.IsDefaultOrEmpty ? 0 : counts.Length)} partitions over {(counts.IsDefaultOrEmpty ? 0 : counts.Sum())} rows; every partition needs at least 1 row"));
        }

        CheckSamples();
    }

    /// <inheritdoc/>
    public int Partitions => _counts.Length;

    /// <summary>Rows of one round over all partitions.</summary>
    public long SamplesPerRound => _samples == 0 ? _counts.Sum() : _samples;

    /// <summary>Plans batches over a data set that is cut by <see cref="Dataset.Partition"/>.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <param name="samplesPerRound">Rows a round takes; 0: all.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ConfigurationException">There are fewer rows than partitions, or the samples do not fit.</exception>
    public static BatchPlan For(Dataset data, int partitions, int samplesPerRound, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return new BatchPlan(seed, [.. Enumerable.Range(0, partitions).Select(k => data.Partition(partitions, k).Count)], samplesPerRound);
    }

    /// <inheritdoc/>
    public int Size(int partition) => _samples == 0
        ? (int)_counts[partition]
        : (_samples / Partitions) + (partition < _samples % Partitions ? 1 : 0);

    /// <inheritdoc/>
    public void Rows(long round, int partition, Span<long> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        var size = Size(partition);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, size);
        if (_samples == 0)
        {
            for (var j = 0; j < size; j++)
            {
                rows[j] = j;
            }

            return;
        }

        var count = _counts[partition];
        var (pass, position) = Math.DivRem(checked(round * size), count);
        var order = Order(pass, partition);
        for (var j = 0; j < size; j++)
        {
            if (position == count)
            {
                (pass, position) = (pass + 1, 0);
                order = Order(pass, partition);
            }

            rows[j] = order[position++];
        }
    }

    private KeyedPermutation Order(long pass, int partition) =>
        new(_counts[partition], new Rng(_seed, Purpose.Batch, partition, pass, pass >> 32));

    private void CheckSamples()
    {
        if (_samples == 0)
        {
            var largest = _counts.Max();
            if (largest > Array.MaxLength)
            {
                throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"batches: a full batch of {largest} rows in one partition is more than {Array.MaxLength}; use more partitions or samplesPerRound"));
            }

            return;
        }

        if (_samples < Partitions)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"batches: samplesPerRound {_samples} is less than the {Partitions} partitions; at least {Partitions}, or 0 for all rows"));
        }

        for (var k = 0; k < Partitions; k++)
        {
            if (Size(k) > _counts[k])
            {
                throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"batches: samplesPerRound {_samples} takes {Size(k)} rows from partition {k}, which has {_counts[k]}; at most {_counts.Min() * Partitions}, or 0 for all rows"));
            }
        }
    }
}
