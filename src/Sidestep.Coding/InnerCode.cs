using MathNet.Numerics.LinearAlgebra;

namespace Sidestep.Coding;

/// <summary>A linear code over the reals, as its generator: m rows, one column for each worker of a group.</summary>
/// <remarks>Its real distance is δ = d − max{|A| : rank Γ[:, A] &lt; m}: any d − δ + 1 columns have full rank. It is computed by looking at every set of
/// columns, not taken from a finite field.</remarks>
public sealed class InnerCode
{
    /// <summary>Most columns; beyond, sets of columns are too many to look at.</summary>
    public const int MostColumns = 20;

    // Columns are floats: what is smaller than this part of the largest singular value is rounding.
    private const double Dependent = 1e-6;

    private readonly double[,] _generator;

    /// <summary>Takes a generator.</summary>
    /// <param name="generator">m × d, of rank m, with 1 ≤ m ≤ d ≤ <see cref="MostColumns"/>; no column of zeros.</param>
    /// <exception cref="ConfigurationException">It is not such a matrix.</exception>
    public InnerCode(double[,] generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        _generator = (double[,])generator.Clone();
        if (Reduction < 1 || Reduction > Load || Load > MostColumns)
        {
            throw new ConfigurationException($"a generator of {Reduction} rows and {Load} columns does not do; at least one row, no more rows than columns, and at most {MostColumns} columns are needed");
        }

        var zero = Enumerable.Range(0, Load).Where(c => Enumerable.Range(0, Reduction).All(b => _generator[b, c] == 0)).ToArray();
        if (zero.Length > 0)
        {
            throw new ConfigurationException($"column {zero[0]} of the generator is zero: the worker that has it would send nothing; remove it");
        }

        if (Condition(Enumerable.Range(0, Load)) == double.PositiveInfinity)
        {
            throw new ConfigurationException($"the generator's {Reduction} rows are not independent: nobody could decode; remove rows");
        }

        (Distance, WorstCondition) = Measure();
    }

    /// <summary>d, the code's length: workers of a group, and partitions each computes.</summary>
    public int Load => _generator.GetLength(1);

    /// <summary>m, the code's dimension: by how much messages are shorter.</summary>
    public int Reduction => _generator.GetLength(0);

    /// <summary>δ, the real distance: one more than the stragglers that are tolerated.</summary>
    public int Distance { get; }

    /// <summary>An entry of the generator.</summary>
    /// <param name="block">Row.</param>
    /// <param name="worker">Column.</param>
    public double this[int block, int worker] => _generator[block, worker];

    /// <summary>Largest condition of the columns that are left when as many stragglers are missing as are tolerated.</summary>
    public double WorstCondition { get; }

    /// <summary>Condition of some columns; infinite: their rank is less than m.</summary>
    internal double Condition(IEnumerable<int> columns)
    {
        int[] chosen = [.. columns];
        if (chosen.Length < Reduction)
        {
            return double.PositiveInfinity;
        }

        var singular = Matrix<double>.Build.Dense(Reduction, chosen.Length, (b, c) => _generator[b, chosen[c]]).Svd(computeVectors: false).S;
        return singular[Reduction - 1] <= Dependent * singular[0] ? double.PositiveInfinity : singular[0] / singular[Reduction - 1];
    }

    internal static IEnumerable<int[]> Subsets(int count, int size)
    {
        var set = WorkerSets.First(size);
        do
        {
            yield return [.. set];
        }
        while (WorkerSets.Next(set, count));
    }

    // The least size at which every set of columns has full rank; larger sets have it then, too.
    private (int Distance, double Worst) Measure()
    {
        for (var size = Reduction; ; size++)
        {
            double worst = 0;
            foreach (var set in Subsets(Load, size))
            {
                worst = Math.Max(worst, Condition(set));
                if (worst == double.PositiveInfinity)
                {
                    break;
                }
            }

            if (double.IsFinite(worst))
            {
                return (Load - size + 1, worst);
            }
        }
    }
}
