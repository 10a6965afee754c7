using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Nobody owns anything: the round's data are cut into many small shards, and whoever has finished is handed the next ones.</summary>
/// <remarks>
/// k = n·shardsPerWorker partitions; every (worker, partition) is a row on request. Each worker holds <c>depth</c> shards, so that the next is there
/// when one is done; fast workers take more. Shards of a lost worker are handed out again within the round; when none is left, shards that a slow worker
/// has not begun go to faster ones; with <c>duplicate</c>, also what it has begun is computed a second time and the first to answer counts.
/// Law: exact, bit for bit (summed in shard order), while one worker lives; a round ends at most about one shard of the slowest after the ideal
/// n·c/Σ speed. Cost: one part of 1/n per worker of equal speed; a request per shard and, without depth, a round trip; shards·p values up per worker; every
/// worker must be able to read every partition.
/// Source: dynamic self-scheduling, as in Dean and Ghemawat, "MapReduce", OSDI 2004, section 3.5 (many more tasks than workers).
/// <code>var code = DynamicShardsCode.Create(workers: 8, shards: 8, depth: 2);</code>
/// </remarks>
public static class DynamicShardsCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "dynamic-shards";

    /// <summary>Shards per worker if nothing is said.</summary>
    public const int DefaultShards = 8;

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="shards">Shards per worker, at least 1.</param>
    /// <param name="depth">Shards in a worker's hands, 1 to 16.</param>
    /// <param name="duplicate">Whether idle workers repeat shards that slower ones have begun.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int workers, int shards = DefaultShards, int depth = 2, bool duplicate = false)
    {
        var table = SharedTable.Create(Name, "shards", workers, shards, owned: false);
        if (depth is < 1 or > 16)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Name} hands a worker 1 to 16 shards at a time, not {depth}; nearest is {Math.Clamp(depth, 1, 16)}"));
        }

        var guarantee = new Guarantee(workers - 1, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
        var sharing = new WorkSharing(depth, double.PositiveInfinity, duplicate);
        return new LinearCode(Name, new RowClasses(table), guarantee, Patience.Exact, sharing: sharing);
    }
}
