using MathNet.Numerics.LinearAlgebra;

namespace Sidestep.Coding;

/// <summary>Quick amplification of one draw of cyclic repetition, to choose between draws; the chosen one is certified properly.</summary>
/// <remarks>
/// All solutions of Bᵀa = 1 are a₀ + Z·t, Z (n × s) the left null space of B. With the workers of M missing, Z_M·t = −a₀_M: an s × s system per set
/// instead of a least-squares problem. A draw is given up as soon as it is worse than the best so far.
/// </remarks>
internal static class CyclicScreen
{
    private const int Samples = 2_000;

    /// <summary>Largest ‖a‖₁ over sets of s missing workers, or infinity once it exceeds <paramref name="most"/>.</summary>
    public static double Amplification(float[,] weights, int stragglers, double most)
    {
        var workers = weights.GetLength(0);
        var (full, kernel) = Solutions(weights, stragglers);
        var set = WorkerSets.First(stragglers);
        var rng = new Rng(1, Purpose.Code, Slots.Coordinator, round: 0, index: 2);
        var enumerate = WorkerSets.Count(workers, stragglers) <= Certificate.MostEnumerated;
        var scratch = new double[stragglers, stragglers + 1];
        double largest = 0;
        for (var sample = 0; enumerate || sample < Samples; sample++)
        {
            if (!enumerate)
            {
                WorkerSets.Draw(ref rng, set, workers);
            }

            largest = Math.Max(largest, Norm(full, kernel, set, scratch));
            if (!(largest < most))
            {
                return double.PositiveInfinity;
            }

            if (enumerate && !WorkerSets.Next(set, workers))
            {
                break;
            }
        }

        return largest;
    }

    private static (double[] Full, double[,] Kernel) Solutions(float[,] weights, int stragglers)
    {
        var workers = weights.GetLength(0);
        var b = Matrix<double>.Build.Dense(workers, workers);
        for (var i = 0; i < workers; i++)
        {
            for (var t = 0; t <= stragglers; t++)
            {
                b[i, (i + t) % workers] = weights[i, t];
            }
        }

        var svd = b.Svd();
        var rank = workers - stragglers;
        var full = new double[workers];
        var kernel = new double[workers, stragglers];
        for (var i = 0; i < workers; i++)
        {
            for (var r = 0; r < rank; r++)
            {
                full[i] += svd.U[i, r] * svd.VT.Row(r).Sum() / svd.S[r];
            }

            for (var r = 0; r < stragglers; r++)
            {
                kernel[i, r] = svd.U[i, rank + r];
            }
        }

        return (full, kernel);
    }

    private static double Norm(double[] full, double[,] kernel, int[] missing, double[,] scratch)
    {
        var s = missing.Length;
        for (var r = 0; r < s; r++)
        {
            for (var c = 0; c < s; c++)
            {
                scratch[r, c] = kernel[missing[r], c];
            }

            scratch[r, s] = -full[missing[r]];
        }

        if (!SolveInPlace(scratch, s))
        {
            return double.PositiveInfinity;
        }

        double norm = 0;
        for (var i = 0; i < full.Length; i++)
        {
            var a = full[i];
            for (var c = 0; c < s; c++)
            {
                a += kernel[i, c] * scratch[c, s];
            }

            norm += Math.Abs(a);
        }

        return norm;
    }

    private static bool SolveInPlace(double[,] work, int s)
    {
        for (var c = 0; c < s; c++)
        {
            var pivot = c;
            for (var r = c + 1; r < s; r++)
            {
                pivot = Math.Abs(work[r, c]) > Math.Abs(work[pivot, c]) ? r : pivot;
            }

            if (Math.Abs(work[pivot, c]) < 1e-12)
            {
                return false;
            }

            for (var j = c; j <= s; j++)
            {
                (work[c, j], work[pivot, j]) = (work[pivot, j], work[c, j]);
            }

            for (var r = 0; r < s; r++)
            {
                var factor = work[r, c] / work[c, c];
                for (var j = c; j <= s && r != c; j++)
                {
                    work[r, j] -= factor * work[c, j];
                }
            }
        }

        for (var r = 0; r < s; r++)
        {
            work[r, s] /= work[r, r];
        }

        return true;
    }
}
