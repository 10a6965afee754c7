using MathNet.Numerics.LinearAlgebra;

namespace Sidestep.Coding;

/// <summary>Weights in double precision for a set of classes.</summary>
/// <param name="Weights">Per block, one weight per class.</param>
/// <param name="Exact">Per block, whether it comes out exactly.</param>
/// <param name="Gaps">Gaps[b, c]: what is missing of block b, as a multiple of block c, averaged over partitions.</param>
/// <param name="Residual">‖T − WᵀC‖_F.</param>
/// <param name="NoiseGain">Largest ‖w‖₁ over blocks.</param>
/// <param name="Condition">Condition of the rows.</param>
/// <param name="Status">Classification.</param>
internal sealed record Solution(
    double[][] Weights, bool[] Exact, double[,] Gaps, double Residual, double NoiseGain, double Condition, DecodeStatus Status);

/// <summary>Minimum-norm least squares CᵀW = T over classes, by singular values.</summary>
internal static class LeastSquares
{
    private const double Unit = 1.0 / (1 << 24);
    private const double ExactBelow = 1e-7;
    private const double BrokenBelow = 1e-3;

    /// <summary>Solves for ascending classes.</summary>
    public static Solution Solve(RowClasses classes, ReadOnlySpan<int> arrived)
    {
        if (classes.OnlyAdded)
        {
            return Classify(classes, arrived, Ones(classes, arrived), AddedCondition(classes, arrived));
        }

        var (weights, condition) = arrived.IsEmpty
            ? (Empty(classes.Table.Blocks), 1.0)
            : Minimum(classes, arrived);
        for (var block = 0; block < weights.Length; block++)
        {
            Snap(classes, arrived, block, weights[block]);
        }

        return Classify(classes, arrived, weights, condition);
    }

    private static double[][] Empty(int blocks) => [.. Enumerable.Range(0, blocks).Select(_ => Array.Empty<double>())];

    private static double[][] Ones(RowClasses classes, ReadOnlySpan<int> arrived)
    {
        var weights = new double[classes.Table.Blocks][];
        for (var block = 0; block < weights.Length; block++)
        {
            weights[block] = new double[arrived.Length];
            for (var i = 0; i < arrived.Length; i++)
            {
                weights[block][i] = classes.BlockOf[arrived[i]] == block ? 1 : 0;
            }
        }

        return weights;
    }

    // Disjoint rows of ones are orthogonal: their singular values are the roots of how many cells they cover.
    private static double AddedCondition(RowClasses classes, ReadOnlySpan<int> arrived)
    {
        int least = int.MaxValue, most = 0;
        foreach (var number in arrived)
        {
            least = Math.Min(least, classes.Sizes[number]);
            most = Math.Max(most, classes.Sizes[number]);
        }

        return arrived.IsEmpty ? 1 : Math.Sqrt((double)most / Math.Max(1, least));
    }

    /// <summary>Minimum-norm weights of classes, each counted as scale × its coefficients.</summary>
    /// <param name="classes">The table's classes.</param>
    /// <param name="arrived">At least one class.</param>
    /// <param name="scales">One factor per arrival; empty: 1.</param>
    public static (double[][] Weights, double Condition) Minimum(RowClasses classes, ReadOnlySpan<int> arrived, ReadOnlySpan<double> scales = default)
    {
        int cells = classes.Cells, count = arrived.Length, partitions = classes.Table.Partitions;
        var matrix = Matrix<double>.Build.Dense(cells, count);
        for (var i = 0; i < count; i++)
        {
            var scale = scales.IsEmpty ? 1 : scales[i];
            matrix.SetColumn(i, Array.ConvertAll(classes.Coefficients[arrived[i]], c => scale * c));
        }

        var svd = matrix.Svd();
        var singular = svd.S;
        // The table's weights are floats: singular values below their rounding are zero.
        var least = Math.Max(cells, count) * Unit * singular[0];
        var rank = singular.Count(s => s > least);
        var weights = new double[classes.Table.Blocks][];
        for (var block = 0; block < weights.Length; block++)
        {
            weights[block] = new double[count];
            for (var r = 0; r < rank; r++)
            {
                double projection = 0;
                for (var cell = block * partitions; cell < (block + 1) * partitions; cell++)
                {
                    projection += svd.U[cell, r];
                }

                projection /= singular[r];
                for (var i = 0; i < count; i++)
                {
                    weights[block][i] += projection * svd.VT[r, i];
                }
            }
        }

        return (weights, rank == 0 ? 1 : singular[0] / singular[rank - 1]);
    }

    // Weights such as 1.4999999999999998 are replaced by simple ones if these are exact to the last bit; rounding noise around 0 goes.
    private static void Snap(RowClasses classes, ReadOnlySpan<int> arrived, int block, double[] weights)
    {
        var simple = new double[weights.Length];
        double largest = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            simple[i] = Math.Round(weights[i] * 1024) / 1024;
            largest = Math.Max(largest, Math.Abs(weights[i]));
        }

        if (IsExact(classes, arrived, block, simple))
        {
            simple.CopyTo(weights, 0);
            return;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Abs(weights[i]) < 1e-12 * largest ? 0 : weights[i];
        }
    }

    private static bool IsExact(RowClasses classes, ReadOnlySpan<int> arrived, int block, double[] weights)
    {
        for (var cell = 0; cell < classes.Cells; cell++)
        {
            if (Missing(classes, arrived, block, weights, cell) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static double Missing(RowClasses classes, ReadOnlySpan<int> arrived, int block, double[] weights, int cell)
    {
        double missing = cell / classes.Table.Partitions == block ? 1 : 0;
        for (var i = 0; i < weights.Length; i++)
        {
            missing -= weights[i] * classes.Coefficients[arrived[i]][cell];
        }

        return missing;
    }

    private static Solution Classify(RowClasses classes, ReadOnlySpan<int> arrived, double[][] weights, double condition)
    {
        int blocks = weights.Length, partitions = classes.Table.Partitions;
        var exact = new bool[blocks];
        var gaps = new double[blocks, blocks];
        double squares = 0, gain = 0, worst = 0, scale = 0;
        foreach (var number in arrived)
        {
            scale = Math.Max(scale, classes.Coefficients[number].Max(Math.Abs));
        }

        for (var block = 0; block < blocks; block++)
        {
            double largest = 0, norm = weights[block].Sum(Math.Abs);
            for (var cell = 0; cell < classes.Cells; cell++)
            {
                var missing = Missing(classes, arrived, block, weights[block], cell);
                squares += missing * missing;
                largest = Math.Max(largest, Math.Abs(missing));
                gaps[block, cell / partitions] += missing / partitions;
            }

            // Rounding the table to floats alone leaves an error of up to half a unit of every coefficient.
            exact[block] = largest <= Math.Max(ExactBelow, 4 * Unit * norm * scale);
            worst = Math.Max(worst, exact[block] ? 0 : largest);
            gain = Math.Max(gain, norm);
        }

        var status = worst == 0 ? DecodeStatus.Exact : worst <= BrokenBelow ? DecodeStatus.IllConditioned : DecodeStatus.Approximate;
        return new Solution(weights, exact, gaps, Math.Sqrt(squares), gain, condition, status);
    }
}
