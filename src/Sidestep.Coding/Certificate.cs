namespace Sidestep.Coding;

/// <summary>How much a code instance amplifies errors of its shares: largest ‖w‖₁ over tolerated arrival sets and blocks.</summary>
/// <remarks>
/// A share that is wrong by at most e makes a block wrong by at most Amplification · e; in float32 the decode error is at most
/// Amplification · 2⁻²⁴ · 4 · max‖share‖. For tables that are only added the amplification is 1 (n/(n − s) when rescaled): no share counts more than
/// in the plain sum. All sets of n − s workers are enumerated if there are at most 20,000; else 2,000 are drawn and the worst of them improved
/// by exchanging workers, always from the same seed.
/// <code>var certificate = Certificate.Of(CyclicRepetitionCode.Create(8, 2, seed: 1));</code>
/// </remarks>
/// <param name="Amplification">Largest ‖w‖₁; infinite if a set that must decode does not.</param>
/// <param name="Patterns">Sets that were looked at.</param>
/// <param name="Exhaustive">Whether these were all.</param>
public sealed record Certificate(double Amplification, long Patterns, bool Exhaustive)
{
    /// <summary>Most sets that are enumerated.</summary>
    public const long MostEnumerated = 20_000;

    private const int Samples = 2_000;
    private const int Exchanges = 1_000;

    /// <summary>Certifies a code.</summary>
    /// <param name="code">The code; its weights are those its table states in float32.</param>
    public static Certificate Of(ICode<float> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var (workers, stragglers) = (code.Table.Workers, code.Guarantee.Stragglers);
        if (code is LineCode lines)
        {
            return lines.Certificate;
        }

        if (code is LayeredCode layered)
        {
            return Of(layered.Lines);
        }

        if (code is LinearCode { Behind: { } behind })
        {
            // Whoever computes a row, it decodes with the same weights.
            return Of(behind);
        }

        var classes = new RowClasses(code.Table);
        if (classes.OnlyAdded)
        {
            var factor = code is LinearCode { Rescales: true } ? (double)workers / (workers - stragglers) : 1;
            return new Certificate(factor, WorkerSets.Count(workers, workers - stragglers), Exhaustive: true);
        }

        return Search(workers, workers - stragglers, set => Gain(classes, set));
    }

    /// <summary>Largest gain over sets of workers.</summary>
    internal static Certificate Search(int workers, int size, Func<int[], double> gain) => Search(workers, size, gain, MostEnumerated, Samples, Exchanges);

    /// <summary>Largest gain over sets of workers, with bounds of its own on how many are looked at.</summary>
    internal static Certificate Search(int workers, int size, Func<int[], double> gain, long enumerated, int samples, int exchanges)
    {
        if (WorkerSets.Count(workers, size) > enumerated)
        {
            return Sample(workers, size, gain, samples, exchanges);
        }

        var set = WorkerSets.First(size);
        double largest = 0;
        long patterns = 0;
        do
        {
            largest = Math.Max(largest, gain(set));
            patterns++;
        }
        while (WorkerSets.Next(set, workers));

        return new Certificate(largest, patterns, Exhaustive: true);
    }

    /// <summary>‖w‖₁ of the least-squares weights for all rows of a set of workers; infinite if the set does not decode.</summary>
    internal static double Gain(RowClasses classes, int[] set)
    {
        var present = new bool[classes.Table.Workers];
        foreach (var worker in set)
        {
            present[worker] = true;
        }

        int[] arrived = [.. Enumerable.Range(0, classes.Count).Where(
            c => classes.RowsOf[c].Any(r => present[classes.Table.Rows[r].Worker]))];
        var solution = LeastSquares.Solve(classes, arrived);
        return solution.Status == DecodeStatus.Exact ? solution.NoiseGain : double.PositiveInfinity;
    }

    private static Certificate Sample(int workers, int size, Func<int[], double> gain, int samples, int exchanges)
    {
        var rng = new Rng(0, Purpose.Code, Slots.Coordinator, round: 0, index: 1);
        var set = new int[size];
        int[] worst = [];
        var largest = double.NegativeInfinity;
        for (var sample = 0; sample < samples; sample++)
        {
            WorkerSets.Draw(ref rng, set, workers);
            if (gain(set) is var value && value > largest)
            {
                (largest, worst) = (value, [.. set]);
            }
        }

        for (var exchange = 0; exchange < exchanges; exchange++)
        {
            worst.CopyTo(set, 0);
            var outside = rng.Next(workers);
            if (Array.IndexOf(set, outside) >= 0)
            {
                continue;
            }

            set[rng.Next(size)] = outside;
            if (gain(set) is var value && value > largest)
            {
                (largest, worst) = (value, [.. set]);
            }
        }

        return new Certificate(largest, samples + exchanges, Exhaustive: false);
    }
}
