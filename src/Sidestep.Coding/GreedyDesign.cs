namespace Sidestep.Coding;

/// <summary>Chooses n lines over K blocks that share as little as possible.</summary>
/// <remarks>
/// From a pool of lines the next is always the one that is smallest in, one after the other: its largest |⟨·,·⟩| with the chosen lines; the sum of its mutual information with them; how
/// often its blocks are used by them; its place in the pool. Numbers that differ by less than 10⁻⁹ are equal, so that the choice is the same on every machine.
/// The pool: pairs in the order of <see cref="PairLinesCode"/>, or all patterns ±1/√w by weight, then support, then signs. Cost: O(n · pool · weight).
/// <code>var lines = GreedyDesign.Choose(blocks: 4, count: 6); // 01+, 23+, 01−, 23−, 02+, 13+</code>
/// </remarks>
public static class GreedyDesign
{
    /// <summary>Most blocks a line may mix.</summary>
    public const int MostWeight = 3;

    // Bounds the time of the design to some seconds.
    private const long MostWork = 200_000_000;

    /// <summary>Chooses.</summary>
    /// <param name="blocks">K.</param>
    /// <param name="count">n.</param>
    /// <param name="weight">Most blocks a line mixes, 1 to 3 and at most K; null: pairs only.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the pool has fewer than n lines.</exception>
    public static LineSet Choose(int blocks, int count, int? weight = null)
    {
        const string Name = GreedyLinesCode.Name;
        CodeArguments.Blocks(Name, blocks, weight is null ? 2 : 1);
        if (weight is { } w && (w < 1 || w > Math.Min(MostWeight, blocks)))
        {
            throw new ConfigurationException(
                $"{Name} with {blocks} blocks takes lines of weight 1 to {Math.Min(MostWeight, blocks)}, not {w}; nearest is {Math.Clamp(w, 1, Math.Min(MostWeight, blocks))}");
        }

        int[] weights = weight is { } most ? [.. Enumerable.Range(1, most)] : [2];
        var pool = weights.Sum(v => SignPatterns.Count(blocks, v));
        if (count < 1 || count > Math.Min(pool, LineSet.MostLines))
        {
            throw new ConfigurationException(
                $"{Name}: there are {pool} lines {(weight is null ? "of two blocks" : $"of weight up to {weight}")} over {blocks} blocks, {count} workers per data group cannot each have their own; "
                + $"take {Math.Clamp(count, 1, Math.Min(pool, LineSet.MostLines))} workers, more blocks{(weight < MostWeight && weight < blocks ? ", or a larger weight" : string.Empty)}");
        }

        return count * pool <= MostWork
            ? new LineSet(Pick([.. weights.SelectMany(v => SignPatterns.OfWeight(blocks, v))], count))
            : throw new ConfigurationException($"{Name}: choosing {count} of {pool} lines would take too long; take fewer blocks or a smaller weight");
    }

    private static double[][] Pick(double[][] pool, int count)
    {
        int[][] supports = [.. pool.Select(line => Enumerable.Range(0, line.Length).Where(b => line[b] != 0).ToArray())];
        var coherence = new double[pool.Length];
        var shared = new double[pool.Length];
        var used = new int[pool[0].Length];
        var chosen = new double[count][];
        for (var n = 0; n < count; n++)
        {
            var best = Best(supports, coherence, shared, used);
            chosen[n] = pool[best];
            coherence[best] = double.PositiveInfinity;
            foreach (var block in supports[best])
            {
                used[block]++;
            }

            for (var i = 0; i < pool.Length; i++)
            {
                double product = 0;
                foreach (var block in supports[i])
                {
                    product += pool[i][block] * chosen[n][block];
                }

                coherence[i] = Math.Max(coherence[i], Math.Abs(product));
                shared[i] += LineInformation.Between(product);
            }
        }

        return chosen;
    }

    private static int Best(int[][] supports, double[] coherence, double[] shared, int[] used)
    {
        var (best, key) = (-1, (double.PositiveInfinity, 0.0, 0));
        for (var i = 0; i < supports.Length; i++)
        {
            if (double.IsPositiveInfinity(coherence[i]))
            {
                continue;
            }

            var usage = 0;
            foreach (var block in supports[i])
            {
                usage += used[block];
            }

            var mine = (Math.Round(coherence[i], 9), Math.Round(shared[i], 9), usage);
            (best, key) = best < 0 || mine.CompareTo(key) < 0 ? (i, mine) : (best, key);
        }

        return best;
    }
}
