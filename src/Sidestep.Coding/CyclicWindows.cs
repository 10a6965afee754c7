using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Solves the window systems of cyclic repetition: H[:, i+1…i+s]·x = −H[:, i].</summary>
/// <param name="h">H, s × n.</param>
internal sealed class CyclicWindows(double[,] h)
{
    private const double LeastCondition = 1e-8;
    private readonly int _s = h.GetLength(0);
    private readonly int _n = h.GetLength(1);

    /// <summary>Weights [i, t] of partition i + t at worker i, rounded to floats; null if a window is close to singular.</summary>
    public float[,]? Weights()
    {
        var weights = new float[_n, _s + 1];
        for (var i = 0; i < _n; i++)
        {
            weights[i, 0] = 1;
            var columns = new int[_s];
            for (var t = 0; t < _s; t++)
            {
                columns[t] = (i + 1 + t) % _n;
            }

            var inverse = Invert(columns, out var condition);
            if (condition < LeastCondition)
            {
                return null;
            }

            for (var t = 0; t < _s; t++)
            {
                double x = 0;
                for (var r = 0; r < _s; r++)
                {
                    x -= inverse[t, r] * h[r, i];
                }

                weights[i, t + 1] = (float)x;
            }
        }

        return weights;
    }

    /// <summary>H·1 = 0.</summary>
    /// <exception cref="ConfigurationException">A row does not sum to zero.</exception>
    public void CheckSums()
    {
        for (var r = 0; r < _s; r++)
        {
            double sum = 0, scale = 0;
            for (var j = 0; j < _n; j++)
            {
                sum += h[r, j];
                scale += Math.Abs(h[r, j]);
            }

            if (!(Math.Abs(sum) <= 1e-12 * scale))
            {
                throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture, $"row {r} of H sums to {sum:G6}; every row must sum to 0: change its last entry by {-sum:G6}"));
            }
        }
    }

    /// <summary>Every s columns are independent.</summary>
    /// <exception cref="ConfigurationException">Some are not, or there are too many sets to check.</exception>
    public void CheckColumns()
    {
        var sets = WorkerSets.Count(_n, _s);
        if (sets > Certificate.MostEnumerated)
        {
            throw new ConfigurationException(
                $"H has {sets} sets of {_s} columns; at most {Certificate.MostEnumerated} can be checked: use a drawn code");
        }

        var set = WorkerSets.First(_s);
        do
        {
            Invert(set, out var condition);
            if (condition < LeastCondition)
            {
                throw new ConfigurationException(
                    $"columns {string.Join(", ", set)} of H (from 0) are dependent; every {_s} columns must be independent");
            }
        }
        while (WorkerSets.Next(set, _n));
    }

    // Gauss–Jordan with partial pivoting; the condition is the reciprocal one in the 1-norm.
    private double[,] Invert(int[] columns, out double condition)
    {
        var work = new double[_s, 2 * _s];
        for (var r = 0; r < _s; r++)
        {
            work[r, _s + r] = 1;
            for (var c = 0; c < _s; c++)
            {
                work[r, c] = h[r, columns[c]];
            }
        }

        var before = Norm(work, 0);
        for (var c = 0; c < _s; c++)
        {
            if (!Eliminate(work, c))
            {
                condition = 0;
                return new double[_s, _s];
            }
        }

        condition = _s == 0 ? 1 : 1 / (before * Norm(work, _s));
        var inverse = new double[_s, _s];
        for (var r = 0; r < _s; r++)
        {
            for (var c = 0; c < _s; c++)
            {
                inverse[r, c] = work[r, _s + c];
            }
        }

        return inverse;
    }

    private bool Eliminate(double[,] work, int c)
    {
        var pivot = c;
        for (var r = c + 1; r < _s; r++)
        {
            pivot = Math.Abs(work[r, c]) > Math.Abs(work[pivot, c]) ? r : pivot;
        }

        if (work[pivot, c] == 0)
        {
            return false;
        }

        for (var j = 0; j < 2 * _s; j++)
        {
            (work[c, j], work[pivot, j]) = (work[pivot, j], work[c, j]);
        }

        var scale = work[c, c];
        for (var j = 0; j < 2 * _s; j++)
        {
            work[c, j] /= scale;
        }

        for (var r = 0; r < _s; r++)
        {
            var factor = work[r, c];
            for (var j = 0; j < 2 * _s && r != c; j++)
            {
                work[r, j] -= factor * work[c, j];
            }
        }

        return true;
    }

    private double Norm(double[,] work, int first)
    {
        double largest = 0;
        for (var c = first; c < first + _s; c++)
        {
            double sum = 0;
            for (var r = 0; r < _s; r++)
            {
                sum += Math.Abs(work[r, c]);
            }

            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
