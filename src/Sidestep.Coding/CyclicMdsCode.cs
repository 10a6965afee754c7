using System.Numerics;

namespace Sidestep.Coding;

/// <summary>Cyclic placement with the weights of a cyclic MDS code: drawn from nothing, better conditioned than random weights.</summary>
/// <remarks>
/// Worker i stores partitions i … i+s (mod n) and weighs them with the coefficients of g(x) = ∏_{j ∈ Z} (x − ω^j), ω = e^{2πi/n}, c₀ = 1: row i is c shifted by i.
/// Z are s consecutive exponents without 0, so any n − s rows span a space that holds 1. With n ≢ s (mod 2) Z is centred at n/2 and the weights are real; else
/// Z = {1 … s}, and the weights are complex: a worker then sends two messages of half the length (see the remarks of complex rows in <c>docs/methods/cyclic-mds.md</c>).
/// Law: exact up to rounding for any s stragglers, never for s + 1. Cost: s+1 partitions and p values per worker; arrivals · p multiply-adds to decode.
/// Stragglers that lie side by side are its bad case: spread neighbours over racks.
/// Source: Raviv, Tamo, Tandon, Dimakis, "Gradient Coding from Cyclic MDS Codes and Expander Graphs", ICML 2018, section 3.
/// <code>var code = CyclicMdsCode.Create(workers: 8, stragglers: 3);</code>
/// </remarks>
public static class CyclicMdsCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "cyclic-mds";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="stragglers">s, 0 to n − 1.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the code amplifies more.</exception>
    public static ICode<float> Create(int workers, int stragglers, double maxAmplification = 1024)
    {
        CodeArguments.Stragglers(Name, workers, stragglers);
        var weights = Coefficients(workers, stragglers);
        var isReal = IsReal(workers, stragglers);
        var table = new TableBuilder(workers, workers, isReal ? 1 : 2);
        for (var worker = 0; worker < workers; worker++)
        {
            (int Partition, Complex Weight)[] terms = [.. weights.Select((c, t) => ((worker + t) % workers, c))];
            if (isReal)
            {
                table.Add(worker, terms.Select(t => (t.Partition, 0, (float)t.Weight.Real)));
            }
            else
            {
                table.AddComplex(worker, terms);
            }
        }

        return CertifiedCode.Of(Name, table.Build(), stragglers, maxAmplification, $"{FractionalRepetitionCode.Name}, fewer stragglers or a higher maxAmplification");
    }

    /// <summary>Whether the weights are real.</summary>
    /// <param name="workers">n.</param>
    /// <param name="stragglers">s.</param>
    public static bool IsReal(int workers, int stragglers) => stragglers == 0 || (workers - stragglers) % 2 == 1;

    /// <summary>c₀ … c_s.</summary>
    internal static Complex[] Coefficients(int workers, int stragglers)
    {
        // Without stragglers there is nothing to multiply: all weights are 1.
        var first = IsReal(workers, stragglers) ? (workers - stragglers + 1) / 2 : 1;
        Complex[] polynomial = [1];
        for (var j = first; j < first + stragglers; j++)
        {
            polynomial = TimesRoot(polynomial, Complex.FromPolarCoordinates(1, 2 * Math.PI * j / workers));
        }

        var scale = polynomial[0];
        return Array.ConvertAll(polynomial, c => c / scale);
    }

    // p(x)·(x − root), ascending powers.
    private static Complex[] TimesRoot(Complex[] polynomial, Complex root)
    {
        var product = new Complex[polynomial.Length + 1];
        for (var power = 0; power < polynomial.Length; power++)
        {
            product[power] -= root * polynomial[power];
            product[power + 1] += polynomial[power];
        }

        return product;
    }
}
