using System.Numerics;

namespace Sidestep.Coding;

/// <summary>Reed–Solomon weights over any placement: decode weights are those of interpolation at 0.</summary>
/// <remarks>
/// Worker l has the point α_l = e^{2πil/n}. Partition i is stored by at least s+1 workers N_i, here l … l+s (mod n) by worker l; its polynomial
/// t_i(x) = ∏_{l ∉ N_i} (1 − x/α_l) has degree below n − s, vanishes at all who do not store it, and t_i(0) = 1. Worker l weighs partition i with t_i(α_l), over the
/// largest such weight. Weights are complex: the first half of the gradient is the real part, the second the imaginary one, and a worker sends two messages of half the length.
/// Law: exact up to rounding for any s stragglers. Cost: s+1 partitions and p values per worker; arrivals · p multiply-adds to decode.
/// Source: Halbawi, Azizan-Ruhi, Salehi, Hassibi, "Improving Distributed Gradient Descent Using Reed–Solomon Codes", ISIT 2018.
/// <code>var code = ReedSolomonCode.Create(workers: 8, stragglers: 2);</code>
/// </remarks>
public static class ReedSolomonCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "reed-solomon";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="stragglers">s, 0 to n − 1.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the code amplifies more.</exception>
    public static ICode<float> Create(int workers, int stragglers, double maxAmplification = 1024)
    {
        CodeArguments.Stragglers(Name, workers, stragglers);
        var weights = Weights(workers, stragglers);
        var largest = weights.Cast<Complex>().Max(Complex.Abs);
        var table = new TableBuilder(workers, workers, blocks: 2);
        for (var worker = 0; worker < workers; worker++)
        {
            table.AddComplex(worker, [.. Enumerable.Range(0, stragglers + 1).Select(t => ((worker + t) % workers, weights[worker, (worker + t) % workers] / largest))]);
        }

        return CertifiedCode.Of(
            Name, table.Build(), stragglers, maxAmplification, $"{CyclicMdsCode.Name}, {FractionalRepetitionCode.Name}, fewer stragglers or a higher maxAmplification");
    }

    /// <summary>t_i(α_l) for worker l and partition i; 0 where it is not stored.</summary>
    internal static Complex[,] Weights(int workers, int stragglers)
    {
        var points = Enumerable.Range(0, workers).Select(l => Complex.FromPolarCoordinates(1, 2 * Math.PI * l / workers)).ToArray();
        var weights = new Complex[workers, workers];
        for (var worker = 0; worker < workers; worker++)
        {
            for (var t = 0; t <= stragglers; t++)
            {
                var partition = (worker + t) % workers;
                var value = Complex.One;
                for (var other = 0; other < workers; other++)
                {
                    // Worker l stores l … l+s.
                    var stores = (partition - other + workers) % workers <= stragglers;
                    value *= stores ? 1 : 1 - (points[worker] / points[other]);
                }

                weights[worker, partition] = value;
            }
        }

        return weights;
    }
}
