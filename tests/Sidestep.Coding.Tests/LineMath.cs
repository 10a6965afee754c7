namespace Sidestep.Coding.Tests;

/// <summary>Linear algebra of lines, written anew so that tests do not measure the library with itself.</summary>
internal static class LineMath
{
    /// <summary>Rank of some lines by elimination with full pivoting.</summary>
    public static int Rank(LineSet lines, IEnumerable<int> set)
    {
        double[][] rows = [.. set.Select(i => lines[i].ToArray())];
        var rank = 0;
        while (rank < Math.Min(rows.Length, lines.Blocks))
        {
            var (row, column, largest) = (rank, 0, 0.0);
            for (var r = rank; r < rows.Length; r++)
            {
                for (var c = 0; c < lines.Blocks; c++)
                {
                    (row, column, largest) = Math.Abs(rows[r][c]) > largest ? (r, c, Math.Abs(rows[r][c])) : (row, column, largest);
                }
            }

            if (largest < 1e-7)
            {
                break;
            }

            (rows[rank], rows[row]) = (rows[row], rows[rank]);
            for (var r = rank + 1; r < rows.Length; r++)
            {
                var factor = rows[r][column] / rows[rank][column];
                for (var c = 0; c < lines.Blocks; c++)
                {
                    rows[r][c] -= factor * rows[rank][c];
                }
            }

            rank++;
        }

        return rank;
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>A random set, ascending.</summary>
    public static int[] Draw(ref Rng rng, int size, int of)
    {
        int[] order = [.. Enumerable.Range(0, of)];
        for (var i = 0; i < size; i++)
        {
            var other = i + rng.Next(of - i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return [.. order.Take(size).Order()];
    }
}
