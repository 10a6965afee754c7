using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Cyclic placement with real weights: any n − s workers are enough, whatever n and s.</summary>
/// <remarks>
/// Worker i stores partitions i … i+s (mod n). H is s × n with H·1 = 0; row i of B has B[i,i] = 1 and solves H·Bᵢ = 0, so that all rows lie in the
/// null space of H, which any n − s of them span and which holds 1. Decode: least squares. The weights rounded to float32 are the weights:
/// the certificate is computed for them. Law: exact up to rounding for any s stragglers, never for s + 1; error ≤ amplification · 2⁻²⁴ · 4 · max‖share‖.
/// Cost: s+1 partitions and p values per worker; arrivals · p multiply-adds to decode. Amplification grows quickly with n and s and is heavy-tailed over
/// draws; the best of 100 is kept.
/// Source: Tandon, Lei, Dimakis, Karampatziakis, "Gradient Coding: Avoiding Stragglers in Distributed Learning", ICML 2017, algorithm 2.
/// <code>var code = CyclicRepetitionCode.Create(workers: 8, stragglers: 2, seed: 1);</code>
/// </remarks>
public static class CyclicRepetitionCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "cyclic-repetition";

    private const int Draws = 100;

    /// <summary>Draws 100 matrices H from the seed and keeps the code with the least amplification.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="stragglers">s, 0 to n − 1.</param>
    /// <param name="seed">Seed of the draws; equal seeds give equal tables on every machine.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or every draw amplifies more.</exception>
    public static ICode<float> Create(int workers, int stragglers, ulong seed, double maxAmplification = 1024)
    {
        CodeArguments.Stragglers(Name, workers, stragglers);
        if (stragglers == 0)
        {
            return Certified(new CyclicWindows(new double[0, workers]).Weights()!, maxAmplification);
        }

        float[,]? best = null;
        var least = double.PositiveInfinity;
        for (var draw = 0; draw < Draws; draw++)
        {
            var weights = new CyclicWindows(Draw(workers, stragglers, seed, draw)).Weights();
            if (weights is not null && CyclicScreen.Amplification(weights, stragglers, least) is var gain && gain < least)
            {
                (best, least) = (weights, gain);
            }
        }

        return best is not null
            ? Certified(best, maxAmplification)
            : throw new ConfigurationException(
                $"none of {Draws} draws of {Name} with {workers} workers and {stragglers} stragglers is well conditioned; use {FractionalRepetitionCode.Name}");
    }

    /// <summary>Builds the code of a given matrix H.</summary>
    /// <param name="nullity">H, s × n: every row sums to 0 and every s columns are independent.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">H does not qualify (the sum or the columns are named), or the code amplifies more.</exception>
    public static ICode<float> FromMatrix(double[,] nullity, double maxAmplification = 1024)
    {
        ArgumentNullException.ThrowIfNull(nullity);
        CodeArguments.Stragglers(Name, nullity.GetLength(1), nullity.GetLength(0));
        var windows = new CyclicWindows(nullity);
        windows.CheckSums();
        windows.CheckColumns();
        return Certified(windows.Weights()!, maxAmplification);
    }

    private static double[,] Draw(int workers, int stragglers, ulong seed, int draw)
    {
        var rng = new Rng(seed, Purpose.Code, Slots.Coordinator, draw, index: 0);
        var h = new double[stragglers, workers];
        for (var r = 0; r < stragglers; r++)
        {
            for (var j = 0; j < workers - 1; j++)
            {
                h[r, j] = rng.NextGaussian();
                h[r, workers - 1] -= h[r, j];
            }
        }

        return h;
    }

    private static LinearCode Certified(float[,] weights, double most)
    {
        int workers = weights.GetLength(0), stragglers = weights.GetLength(1) - 1;
        var classes = new RowClasses(Table(weights));
        var promised = new Guarantee(stragglers, 0, Exactness.Numeric, SteadyWeights: false, Amplification: 1);
        var certificate = Certificate.Of(new LinearCode(Name, classes, promised, Patience.Exact));
        if (!(certificate.Amplification <= most))
        {
            var why = double.IsFinite(certificate.Amplification)
                ? string.Create(CultureInfo.InvariantCulture, $"amplifies rounding by {certificate.Amplification:G4}, more than {most:G4}")
                : "leaves some sets of workers undecodable in float32";
            throw new ConfigurationException(
                $"{Name} with {workers} workers and {stragglers} stragglers {why}; use {FractionalRepetitionCode.Name}, fewer stragglers"
                + (double.IsFinite(certificate.Amplification) ? ", another seed or a higher maxAmplification" : " or fewer workers"));
        }

        return new LinearCode(Name, classes, promised with { Amplification = certificate.Amplification }, Patience.Exact);
    }

    // weights[i, t] multiplies partition i + t (mod n).
    private static CodeTable<float> Table(float[,] weights)
    {
        int workers = weights.GetLength(0), load = weights.GetLength(1);
        var items = ImmutableArray.CreateBuilder<Item<float>>(workers * load);
        var rows = ImmutableArray.CreateBuilder<Row<float>>(workers);
        for (var worker = 0; worker < workers; worker++)
        {
            var terms = ImmutableArray.CreateBuilder<Term<float>>(load);
            for (var t = 0; t < load; t++)
            {
                terms.Add(new Term<float>(items.Count, 0, weights[worker, t]));
                items.Add(new Item<float>(worker, [((worker + t) % workers, 1f)]));
            }

            rows.Add(new Row<float>(worker, terms.MoveToImmutable()));
        }

        return new CodeTable<float>(workers, workers, Blocks: 1, items.MoveToImmutable(), rows.MoveToImmutable());
    }
}
