namespace Sidestep.Coding;

/// <summary>Finds decode weights for any table and any arrivals: minimum-norm least squares in double precision.</summary>
/// <remarks>
/// Rows with the same terms are replicas; of the replicas that arrived only the first in row order counts, the others get weight 0.
/// Tables that are only added (uncoded, repetition, re-issue) therefore get weights of exactly 1. Weights that are exact when rounded
/// to multiples of 1/1024 are rounded. Peeling decoders may combine with other weights that are exact for the same arrivals.
/// Cost: O(cells · arrivals²), independent of the model's length.
/// <code>var plan = DecodePlanner.Plan(CyclicRepetitionCode.Create(8, 2, seed: 1).Table, [0, 1, 3, 4, 6, 7]);</code>
/// </remarks>
public static class DecodePlanner
{
    /// <summary>Plans.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Rows that arrived, in any order; a repeated row has weight 0.</param>
    /// <exception cref="ConfigurationException">The table is not sound, or a row is not in it.</exception>
    public static DecodePlan Plan(CodeTable<float> table, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        var classes = new RowClasses(table);
        var place = FirstArrivals(classes, rows);
        int[] arrived = [.. Enumerable.Range(0, classes.Count).Where(c => place[c] >= 0)];
        var solution = LeastSquares.Solve(classes, arrived);
        var weights = new double[rows.Length, table.Blocks];
        for (var i = 0; i < arrived.Length; i++)
        {
            for (var block = 0; block < table.Blocks; block++)
            {
                weights[place[arrived[i]], block] = solution.Weights[block][i];
            }
        }

        return new DecodePlan(weights, solution.Residual, solution.NoiseGain, solution.Condition, solution.Status);
    }

    // Where in the list the lowest row of each class stands; −1: the class has not arrived.
    private static int[] FirstArrivals(RowClasses classes, ReadOnlySpan<int> rows)
    {
        var place = new int[classes.Count];
        Array.Fill(place, -1);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || rows[i] >= classes.Table.Rows.Length)
            {
                throw new ConfigurationException($"arrival {rows[i]} is not a row of the table; rows are 0 to {classes.Table.Rows.Length - 1}");
            }

            ref var first = ref place[classes.Of(rows[i])];
            if (first < 0 || rows[i] < rows[first])
            {
                first = i;
            }
        }

        return place;
    }
}
