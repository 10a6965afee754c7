namespace Sidestep.Coding;

/// <summary>Lines of equal magnitudes ±1/√w: those that hold most information at their weight.</summary>
internal static class SignPatterns
{
    /// <summary>e_b.</summary>
    public static double[] Axis(int blocks, int block)
    {
        var line = new double[blocks];
        line[block] = 1;
        return line;
    }

    /// <summary>All lines of one weight: supports in lexicographic order, for each all signs with + first; the first block is always +.</summary>
    public static IEnumerable<double[]> OfWeight(int blocks, int weight)
    {
        var magnitude = 1 / Math.Sqrt(weight);
        var support = WorkerSets.First(weight);
        do
        {
            for (var signs = 0; signs < 1 << (weight - 1); signs++)
            {
                var line = new double[blocks];
                for (var i = 0; i < weight; i++)
                {
                    // Bit i − 1 from the left: the last block's sign changes fastest.
                    line[support[i]] = i > 0 && (signs >> (weight - 1 - i) & 1) != 0 ? -magnitude : magnitude;
                }

                yield return line;
            }
        }
        while (WorkerSets.Next(support, blocks));
    }

    /// <summary>How many lines of one weight there are.</summary>
    public static long Count(int blocks, int weight) => WorkerSets.Count(blocks, weight) << (weight - 1);
}
