namespace Sidestep.Coding;

/// <summary>Rows of a table with one partition, read as equations with at most two unknown blocks.</summary>
internal sealed class PairEquations
{
    private readonly (int U, double First, int V, double Second)[] _equations;

    /// <summary>Reads the classes of a table.</summary>
    /// <exception cref="ConfigurationException">A row has more than two blocks, or there is more than one partition.</exception>
    public PairEquations(RowClasses classes)
    {
        var table = classes.Table;
        if (table.Partitions != 1)
        {
            throw new ConfigurationException($"peeling needs a table with 1 partition, not {table.Partitions}; use the linear decoder");
        }

        Blocks = table.Blocks;
        _equations = new (int, double, int, double)[classes.Count];
        for (var number = 0; number < classes.Count; number++)
        {
            var row = classes.Coefficients[number];
            int[] unknowns = [.. Enumerable.Range(0, Blocks).Where(b => row[b] != 0)];
            if (unknowns.Length is 0 or > 2)
            {
                throw new ConfigurationException(
                    $"peeling needs rows of 1 or 2 blocks; row {classes.RowsOf[number][0]} has {unknowns.Length}; use the linear decoder");
            }

            var second = unknowns.Length == 2 ? row[unknowns[1]] : 0;
            _equations[number] = (unknowns[0], row[unknowns[0]], unknowns[^1], second);
        }
    }

    /// <summary>Number of blocks (K).</summary>
    public int Blocks { get; }

    /// <summary>The first block of a class.</summary>
    public int FirstOf(int number) => _equations[number].U;

    /// <summary>Gives a class to a forest.</summary>
    /// <returns>Whether it said something new.</returns>
    public bool Add(int number, AffineForest forest, ReadOnlySpan<float> value)
    {
        var (u, first, v, second) = _equations[number];
        return forest.Add(u, first, v, second, value);
    }
}
