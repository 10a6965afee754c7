using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Directions of a derivative code: n unit vectors over K blocks. v and −v say the same, so each is a line through the origin.</summary>
/// <remarks>
/// Worker i sends Σ_b v_i[b] · block b of the gradient: coordinate j of that is the derivative along the direction that puts v_i[b] on coordinate j of block b.
/// Source: Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022; the families here are ours.
/// <code>var lines = LineSet.Of([[1, 0], [0, 1], [1, 1], [1, -1]]);</code>
/// </remarks>
public sealed class LineSet
{
    /// <summary>Most blocks.</summary>
    public const int MostBlocks = 64;

    /// <summary>Most lines: there are no more slots.</summary>
    public const int MostLines = 4096;

    // The table holds floats: lines closer than this are the same to a decoder.
    private const double Same = 1e-7;

    private readonly double[][] _lines;

    internal LineSet(double[][] lines, double[]? lengths = null)
    {
        _lines = lines;
        Lengths = lengths ?? [.. lines.Select(_ => 1.0)];
        Rank = RankOf(lines);
    }

    /// <summary>Number of lines (n).</summary>
    public int Count => _lines.Length;

    /// <summary>Number of blocks (K).</summary>
    public int Blocks => _lines[0].Length;

    /// <summary>The rank of V.</summary>
    public int Rank { get; }

    /// <summary>The lengths the rows were given with, before they were scaled to 1.</summary>
    public IReadOnlyList<double> Lengths { get; }

    /// <summary>A line: K numbers, of unit length.</summary>
    /// <param name="line">Its number.</param>
    public ReadOnlySpan<double> this[int line] => _lines[line];

    /// <summary>Scales rows to unit length and checks them.</summary>
    /// <param name="rows">n rows of K numbers each.</param>
    /// <exception cref="ConfigurationException">No rows, too many, of different widths, not finite, zero, or two on one line.</exception>
    public static LineSet Of(IReadOnlyList<IReadOnlyList<double>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count is 0 or > MostLines || rows[0].Count is 0 or > MostBlocks)
        {
            throw new ConfigurationException(
                $"directions have {rows.Count} rows of {(rows.Count == 0 ? 0 : rows[0].Count)} numbers; there must be 1 to {MostLines} rows (workers) of 1 to {MostBlocks} numbers (blocks)");
        }

        var lines = new double[rows.Count][];
        var lengths = new double[rows.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            (lines[i], lengths[i]) = Unit(rows, i);
            for (var l = 0; l < i; l++)
            {
                if (Math.Abs(Dot(lines[i], lines[l])) >= 1 - Same)
                {
                    throw new ConfigurationException(
                        $"directions: rows {l} and {i} are the same line ({Text(rows[l])} and {Text(rows[i])}); the second worker would send nothing new, so change or remove one");
                }
            }
        }

        return new LineSet(lines, lengths);
    }

    /// <summary>Number of blocks a line mixes.</summary>
    /// <param name="line">Its number.</param>
    public int Weight(int line) => _lines[line].Count(v => v != 0);

    /// <summary>The inner product of two lines.</summary>
    /// <param name="first">A line.</param>
    /// <param name="second">Another.</param>
    public double Product(int first, int second) => Dot(_lines[first], _lines[second]);

    /// <summary>Whether every line mixes at most two blocks, with equal magnitudes: then peeling decodes as much as anything can.</summary>
    internal bool IsSignedGraph => _lines.All(line => IsEdge(line));

    internal double[] Line(int line) => _lines[line];

    internal static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (var b = 0; b < x.Length; b++)
        {
            sum += x[b] * y[b];
        }

        return sum;
    }

    private static int RankOf(double[][] lines)
    {
        var arrived = new ArrivalInformation(lines[0].Length, 1);
        foreach (var line in lines)
        {
            arrived.Add(line);
        }

        return arrived.Rank;
    }

    private static bool IsEdge(double[] line)
    {
        double[] magnitudes = [.. line.Where(v => v != 0).Select(Math.Abs)];
        return magnitudes.Length == 1 || (magnitudes.Length == 2 && Math.Abs(magnitudes[0] - magnitudes[1]) < Same);
    }

    private static (double[] Line, double Length) Unit(IReadOnlyList<IReadOnlyList<double>> rows, int i)
    {
        double[] line = [.. rows[i]];
        if (line.Length != rows[0].Count)
        {
            throw new ConfigurationException(
                $"directions: row {i} has {line.Length} numbers, but row 0 has {rows[0].Count}: a row has one number per block, and a weight above K does not exist");
        }

        // Scaled by the largest first, so that no square overflows or vanishes.
        var largest = line.Max(Math.Abs);
        if (!double.IsFinite(largest) || line.Any(double.IsNaN))
        {
            throw new ConfigurationException($"directions: row {i} is {Text(line)}; all numbers must be finite");
        }

        if (largest == 0)
        {
            throw new ConfigurationException($"directions: row {i} is zero; its worker would send nothing, so give it at least one block");
        }

        line = Array.ConvertAll(line, v => v / largest);
        var length = Math.Sqrt(Dot(line, line));
        return (Array.ConvertAll(line, v => Math.Abs(v / length) < 1e-12 ? 0 : v / length), largest * length);
    }

    private static string Text(IReadOnlyList<double> row) =>
        $"[{string.Join(", ", row.Take(8).Select(v => v.ToString("G6", CultureInfo.InvariantCulture)))}{(row.Count > 8 ? ", …" : string.Empty)}]";
}
