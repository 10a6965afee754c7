using System.Globalization;

namespace Sidestep.Coding;

/// <summary>No redundancy is paid for in advance: work of lost or slow workers is asked of others that are already idle.</summary>
/// <remarks>
/// Worker j owns <c>chunks</c> partitions, j·chunks and the following, and computes them in order; after these k = n·chunks own rows come on-request
/// rows for every other pair (worker, partition), by worker. With one chunk, partitions of lost and late workers are asked of idle ones. With more,
/// each chunk is sent when it is ready, so that the coordinator knows everybody's speed: idle workers take chunks from the end of the worker that would
/// end last, then repeat what a slower one has begun (<see cref="WorkBoard"/> is the policy).
/// Law: exact, bit for bit, while one worker lives; a late worker costs a round at most about one of its chunks, not its whole part.
/// Cost: one part of 1/n per worker; duplicates at most <c>maxOverhead</c>·k chunks a round, and what lost workers took with them; chunks·p values up per
/// worker; every worker must be able to read every partition; decode k·p additions.
/// Source: backup tasks, Dean and Ghemawat, "MapReduce", OSDI 2004, section 3.6, at the level of one round; work stealing, Blumofe and Leiserson, J. ACM 46(5), 1999.
/// <code>var code = ReissueCode.Create(workers: 8, chunks: 10, maxOverhead: 0.2);</code>
/// </remarks>
public static class ReissueCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "reissue";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="chunks">Pieces of a worker's part, at least 1.</param>
    /// <param name="maxOverhead">Most duplicate computations of chunks in a round, as a share of k; null: no bound. Needs two chunks or more.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int workers, int chunks = 1, double? maxOverhead = null)
    {
        CodeArguments.Workers(Name, workers);
        if (chunks == 1 && maxOverhead is not null)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} bounds the duplicates of chunks, but with 1 chunk only what is late or lost is computed again; set chunks to 2 or more, or leave maxOverhead out"));
        }

        if (maxOverhead is < 0 or double.NaN)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Name} with maxOverhead {maxOverhead}: it must be at least 0, such as 0.2; nearest is 0"));
        }

        var classes = new RowClasses(SharedTable.Create(Name, "chunks", workers, chunks, owned: true));
        var guarantee = new Guarantee(workers - 1, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
        var sharing = chunks == 1 ? null : new WorkSharing(Depth: 2, maxOverhead ?? double.PositiveInfinity, Duplicate: true);
        return new LinearCode(Name, classes, guarantee, Patience.Exact, sharing: sharing);
    }
}
