namespace Sidestep.Coding;

/// <summary>The information functional of a set of lines: how much each codeword holds, how much two of them share, how far the set is from the best possible.</summary>
/// <remarks>
/// The K blocks at one coordinate are modelled as an isotropic Gaussian. Design wants codewords that hold much and share little: within a line equal
/// magnitudes are best (information ln w at weight w), between lines only the angle counts, so lines are points of real projective space. All in nats.
/// Source: "maximise the information contained in the codewords, minimise the information between the codewords", Soto, Ilmer, Guan, Li, ICML 2022; the
/// formulas are our reconstruction. Welch, "Lower bounds on the maximum cross correlation of signals", IEEE Trans. Inf. Theory 20(3), 1974.
/// <code>var information = LineInformation.Of(PairLinesCode.Lines(4)); // coherence 0.5, Welch bound 0.4264, shared 6.904</code>
/// </remarks>
/// <param name="LeastWithin">Least information within a line: −Σ v² ln v².</param>
/// <param name="MostWithin">Most information within a line.</param>
/// <param name="Coherence">Largest |⟨v_i, v_l⟩| of two lines; 0 if there is only one.</param>
/// <param name="WelchBound">No n lines over K blocks have a smaller coherence; 0 for n ≤ K.</param>
/// <param name="Shared">Σ over pairs of lines of <see cref="Between(LineSet, int, int)"/>; infinite if a line is there twice.</param>
/// <param name="Total">½ ln det(I + V Vᵀ) of all lines.</param>
/// <param name="IsTight">Whether VᵀV = (n/K)·I: then the immediate increments of all lines add up to the gradient.</param>
/// <param name="Tightness">Largest |VᵀV − (n/K)·I|, relative to n/K.</param>
/// <param name="Condition">κ(V), largest singular value over smallest; infinite if the rank is below K.</param>
/// <param name="Rank">The rank of V.</param>
public sealed record LineInformation(
    double LeastWithin,
    double MostWithin,
    double Coherence,
    double WelchBound,
    double Shared,
    double Total,
    bool IsTight,
    double Tightness,
    double Condition,
    int Rank)
{
    private const double Tight = 1e-6;

    /// <summary>Measures a set of lines. Cost: O(n²K + K³).</summary>
    /// <param name="lines">The lines.</param>
    public static LineInformation Of(LineSet lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        int count = lines.Count, blocks = lines.Blocks;
        double coherence = 0, shared = 0;
        for (var i = 0; i < count; i++)
        {
            for (var l = 0; l < i; l++)
            {
                coherence = Math.Max(coherence, Math.Abs(lines.Product(i, l)));
                shared += Between(lines, i, l);
            }
        }

        double[] within = [.. Enumerable.Range(0, count).Select(i => Within(lines, i))];
        var welch = count <= blocks ? 0 : Math.Sqrt((double)(count - blocks) / ((double)blocks * (count - 1)));
        var tightness = OffTight(lines);
        return new LineInformation(
            within.Min(),
            within.Max(),
            Math.Min(1, coherence),
            welch,
            shared,
            OfArrivals(lines, [.. Enumerable.Range(0, count)]),
            tightness <= Tight,
            tightness,
            ConditionOf(lines),
            lines.Rank);
    }

    /// <summary>Information within a line: −Σ_b v_b² ln v_b², at most ln w at weight w.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="line">One of them.</param>
    public static double Within(LineSet lines, int line)
    {
        ArgumentNullException.ThrowIfNull(lines);
        double sum = 0;
        foreach (var v in lines[line])
        {
            sum -= v == 0 ? 0 : v * v * Portable.Log(v * v);
        }

        return Math.Max(0, sum);
    }

    /// <summary>Mutual information of two lines: −½ ln(1 − ⟨v_i, v_l⟩²); infinite if they are the same.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="first">One of them.</param>
    /// <param name="second">Another.</param>
    public static double Between(LineSet lines, int first, int second)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return Between(lines.Product(first, second));
    }

    /// <summary>Information of a set of arrivals: ½ ln det(I + V_F V_Fᵀ/σ²).</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="arrived">The lines that arrived (F).</param>
    /// <param name="variance">σ², the noise of a codeword relative to a block; positive.</param>
    public static double OfArrivals(LineSet lines, ReadOnlySpan<int> arrived, double variance = 1)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        var information = new ArrivalInformation(lines.Blocks, variance);
        foreach (var line in arrived)
        {
            information.Add(lines[line]);
        }

        return information.Total;
    }

    internal static double Between(double product)
    {
        var left = 1 - (product * product);
        return left <= 1e-12 ? double.PositiveInfinity : Math.Max(0, -0.5 * Portable.Log(left));
    }

    private static double OffTight(LineSet lines)
    {
        double stretch = (double)lines.Count / lines.Blocks, worst = 0;
        for (var a = 0; a < lines.Blocks; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < lines.Count; i++)
                {
                    sum += lines[i][a] * lines[i][b];
                }

                worst = Math.Max(worst, Math.Abs(sum - (a == b ? stretch : 0)) / stretch);
            }
        }

        return worst;
    }

    private static double ConditionOf(LineSet lines)
    {
        if (lines.Rank < lines.Blocks)
        {
            return double.PositiveInfinity;
        }

        var (least, most) = Frame.Bounds(lines);
        return Math.Sqrt(most / least);
    }
}
