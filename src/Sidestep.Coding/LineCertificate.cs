namespace Sidestep.Coding;

/// <summary>How much a derivative code amplifies errors of its shares, whichever decoder takes them: least squares and peeling.</summary>
internal static class LineCertificate
{
    // Sizes of arrival sets below the exact ones are many; each gets so many draws at most.
    private const int Enumerated = 4_000, Samples = 300, Exchanges = 150;

    /// <summary>Certifies one group's lines.</summary>
    /// <param name="classes">The classes of a table of one group; row i is line i.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="exactFrom">Sets of so many lines always decode; n + 1: not even all.</param>
    /// <param name="least">The smallest sets that are decoded at all.</param>
    /// <param name="partial">Whether sets that do not decode are projected; if not, they are waited for.</param>
    public static Certificate Of(RowClasses classes, LineSet lines, int exactFrom, int least, bool partial)
    {
        var equations = lines.IsSignedGraph ? new PairEquations(classes) : null;
        var certificate = new Certificate(0, 0, Exhaustive: true);
        if (exactFrom <= lines.Count)
        {
            certificate = Certificate.Search(lines.Count, exactFrom, set => Gain(classes, equations, set, double.PositiveInfinity));
        }

        for (var size = Math.Max(1, least); size < Math.Min(exactFrom, lines.Count + 1); size++)
        {
            var more = Certificate.Search(lines.Count, size, set => Gain(classes, equations, set, partial ? null : 0), Enumerated, Samples, Exchanges);
            certificate = new Certificate(
                Math.Max(certificate.Amplification, more.Amplification),
                certificate.Patterns + more.Patterns,
                certificate.Exhaustive && more.Exhaustive);
        }

        return certificate;
    }

    // Largest ‖w‖₁; instead of that what is given, if it is, where the set does not decode.
    private static double Gain(RowClasses classes, PairEquations? equations, int[] set, double? undecoded)
    {
        int[] arrived = [.. set.Select(classes.Of).Distinct().Order()];
        var solution = LeastSquares.Solve(classes, arrived);
        if (undecoded is { } value && solution.Status != DecodeStatus.Exact)
        {
            return value;
        }

        return equations is null ? solution.NoiseGain : Math.Max(solution.NoiseGain, Peeled(equations, arrived));
    }

    // Peeling unit vectors gives the weights it really uses.
    private static double Peeled(PairEquations equations, int[] arrived)
    {
        var forest = new AffineForest(equations.Blocks, arrived.Length);
        var unit = new float[arrived.Length];
        for (var i = 0; i < arrived.Length; i++)
        {
            unit[i] = 1;
            equations.Add(arrived[i], forest, unit);
            unit[i] = 0;
        }

        double gain = 0;
        for (var block = 0; block < equations.Blocks; block++)
        {
            double norm = 0;
            foreach (var weight in forest.IsKnown(block) ? forest[block] : default)
            {
                norm += Math.Abs(weight);
            }

            gain = Math.Max(gain, norm);
        }

        return gain;
    }
}
