using MathNet.Numerics.LinearAlgebra;

namespace Sidestep.Coding;

/// <summary>Codes across partitions and coordinates: more load buys tolerance and shorter messages, d = s + m, the best there can be.</summary>
/// <remarks>
/// Worker j stores partitions j … j+d−1 (mod n) and sends one vector of p/m values: Σ over its partitions i and blocks u of B_(i,u)·V_j times block u of the
/// gradient of i. B makes the weight of every partition that a worker does not store 0, and its last m columns are stacked identities, so that the wanted sums are the last m
/// columns of what any n − s workers can solve for. Blocks are contiguous here (the source interleaves them; the sums are the same).
/// Law: exact up to rounding for any s = d − m stragglers, never for s + 1. Cost: d partitions and p/m values per worker; arrivals · p multiply-adds to decode.
/// <see cref="Polynomial"/> (Vandermonde V) loses all digits from about 20 workers on; <see cref="Gaussian"/> keeps more, and is drawn best of <see cref="Draws"/>.
/// Source: Ye, Abbe, "Communication–Computation Efficient Gradient Coding", ICML 2018, sections 3 and 4.
/// <code>var code = YeAbbeCode.Gaussian(workers: 12, load: 4, reduction: 2, seed: 1);</code>
/// </remarks>
public static class YeAbbeCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "ye-abbe";

    /// <summary>Matrices that are drawn; the one with the least amplification is kept.</summary>
    public const int Draws = 16;

    /// <summary>Most workers of <see cref="Polynomial"/>.</summary>
    public const int MostPolynomial = 20;

    /// <summary>The version with a drawn matrix V.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="load">d, 1 to n.</param>
    /// <param name="reduction">m, 1 to d.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or every draw amplifies more.</exception>
    public static ICode<float> Gaussian(int workers, int load, int reduction, ulong seed, double maxAmplification = 1024)
    {
        CodeArguments.Load(Name, workers, load, reduction);
        CodeTable<float>? best = null;
        var least = double.PositiveInfinity;
        for (var draw = 0; draw < Draws; draw++)
        {
            var table = Table(Coefficients(Drawn(workers, load, reduction, seed, draw), load, reduction), load, reduction);
            var worst = DrawScreen.Worst(new RowClasses(table), workers - load + reduction, least);
            (best, least) = worst < least || best is null ? (table, worst) : (best, least);
        }

        return Certified(best!, load - reduction, maxAmplification);
    }

    /// <summary>The version with polynomials, at the points the source suggests (±1, ±1.5, ±2, …, and 0 for odd n).</summary>
    /// <param name="workers">n, at least 1, at most <see cref="MostPolynomial"/>.</param>
    /// <param name="load">d, 1 to n.</param>
    /// <param name="reduction">m, 1 to d.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the code amplifies more.</exception>
    public static ICode<float> Polynomial(int workers, int load, int reduction, double maxAmplification = 1024)
    {
        CodeArguments.Load(Name, workers, load, reduction);
        if (workers > MostPolynomial)
        {
            throw new ConfigurationException($"{Name} with polynomials takes at most {MostPolynomial} workers, not {workers}: beyond, rounding leaves nothing of the gradient; use the Gaussian construction");
        }

        return Certified(
            Table(Coefficients(Vandermonde(Points(workers), workers - load + reduction), load, reduction), load, reduction), load - reduction, maxAmplification);
    }

    /// <summary>Points of the polynomial version, ascending.</summary>
    internal static double[] Points(int workers)
    {
        var positive = Enumerable.Range(0, workers / 2).Select(i => 1 + (0.5 * i)).ToArray();
        return [.. positive.Reverse().Select(x => -x), .. workers % 2 == 1 ? [0.0] : Array.Empty<double>(), .. positive];
    }

    /// <summary>V[r, j] = θ_j^r.</summary>
    internal static double[,] Vandermonde(double[] points, int rows)
    {
        var v = new double[rows, points.Length];
        for (var j = 0; j < points.Length; j++)
        {
            for (var (r, power) = (0, 1.0); r < rows; r++, power *= points[j])
            {
                v[r, j] = power;
            }
        }

        return v;
    }

    /// <summary>Weights [partition, block, worker]: rows (i, u) of B are the only ones, with the identity in their last columns, that vanish at all who do not store i.</summary>
    internal static double[,,] Coefficients(double[,] v, int load, int reduction)
    {
        int workers = v.GetLength(1), absent = workers - load;
        var weights = new double[workers, reduction, workers];
        for (var partition = 0; partition < workers; partition++)
        {
            var b = Block(v, partition, absent, reduction);
            for (var u = 0; u < reduction; u++)
            {
                for (var t = 0; t < load; t++)
                {
                    // Partition i is stored by workers i − d + 1 … i.
                    var worker = (partition - t + workers) % workers;
                    for (var r = 0; r < v.GetLength(0); r++)
                    {
                        weights[partition, u, worker] += b[u, r] * v[r, worker];
                    }
                }
            }
        }

        return weights;
    }

    // [ −S_bottom · S_top⁻¹ | I_m ] over the workers i+1 … i+n−d, who do not store partition i. For a Vandermonde V these are the source's polynomials.
    private static double[,] Block(double[,] v, int partition, int absent, int reduction)
    {
        var workers = v.GetLength(1);
        var b = new double[reduction, absent + reduction];
        if (absent > 0)
        {
            var top = Matrix<double>.Build.Dense(absent, absent, (r, c) => v[r, (partition + 1 + c) % workers]);
            var bottom = Matrix<double>.Build.Dense(reduction, absent, (r, c) => v[absent + r, (partition + 1 + c) % workers]);
            var solved = top.Transpose().Solve(bottom.Transpose());
            for (var u = 0; u < reduction; u++)
            {
                for (var r = 0; r < absent; r++)
                {
                    b[u, r] = -solved[r, u];
                }
            }
        }

        for (var u = 0; u < reduction; u++)
        {
            b[u, absent + u] = 1;
        }

        return b;
    }

    private static double[,] Drawn(int workers, int load, int reduction, ulong seed, int draw)
    {
        var rng = new Rng(seed, Purpose.Code, Slots.Coordinator, draw, index: 2);
        var v = new double[workers - load + reduction, workers];
        for (var r = 0; r < v.GetLength(0); r++)
        {
            for (var j = 0; j < workers; j++)
            {
                v[r, j] = rng.NextGaussian();
            }
        }

        return v;
    }

    // Each worker's weights over its largest, so that shares are about as large as gradients.
    private static CodeTable<float> Table(double[,,] weights, int load, int reduction)
    {
        var workers = weights.GetLength(0);
        var table = new TableBuilder(workers, workers, reduction);
        for (var worker = 0; worker < workers; worker++)
        {
            var terms = Enumerable.Range(0, load)
                .SelectMany(t => Enumerable.Range(0, reduction).Select(u => (Partition: (worker + t) % workers, Block: u)))
                .Select(t => (t.Partition, t.Block, Weight: weights[t.Partition, t.Block, worker]))
                .ToArray();
            var largest = terms.Max(t => Math.Abs(t.Weight));
            table.Add(worker, terms.Select(t => (t.Partition, t.Block, (float)(t.Weight / largest))));
        }

        return table.Build();
    }

    private static ICode<float> Certified(CodeTable<float> table, int stragglers, double most) => CertifiedCode.Of(
        Name, table, stragglers, most, $"{GroupedLinearCode.Name} of the same load and reduction, fewer workers, another seed or a higher maxAmplification");
}
