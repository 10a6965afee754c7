namespace Sidestep.Coding;

/// <summary>Sets of workers, as ascending numbers.</summary>
internal static class WorkerSets
{
    /// <summary>How many sets of a size there are; <see cref="long.MaxValue"/> if more.</summary>
    public static long Count(int workers, int size)
    {
        UInt128 count = 1;
        for (var i = 1; i <= Math.Min(size, workers - size); i++)
        {
            count = count * (UInt128)(workers - i + 1) / (UInt128)i;
            if (count > long.MaxValue)
            {
                return long.MaxValue;
            }
        }

        return (long)count;
    }

    /// <summary>The first set: 0, 1, 2, …</summary>
    public static int[] First(int size) => [.. Enumerable.Range(0, size)];

    /// <summary>Advances to the next set in lexicographic order.</summary>
    /// <returns>False: it was the last.</returns>
    public static bool Next(Span<int> set, int workers)
    {
        for (var i = set.Length - 1; i >= 0; i--)
        {
            if (set[i] < workers - set.Length + i)
            {
                set[i]++;
                for (var j = i + 1; j < set.Length; j++)
                {
                    set[j] = set[j - 1] + 1;
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>A set drawn at random, all equally likely (selection sampling; Knuth, volume 2, algorithm S).</summary>
    public static void Draw(ref Rng rng, Span<int> set, int workers)
    {
        var chosen = 0;
        for (var worker = 0; chosen < set.Length; worker++)
        {
            if (rng.Next(workers - worker) < set.Length - chosen)
            {
                set[chosen++] = worker;
            }
        }
    }
}
