using System.Globalization;

namespace Sidestep.Training;

/// <summary>Watches, over a run's first exact rounds, whether blocks that one row mixes have gradients of like scale.</summary>
/// <remarks>In a sum of a large and a small block the small one drowns: what rounding or a compressor does to the sum is large against it.
/// Measured is the root mean square over a block's coordinates, padding apart. Costs a pass over the gradient in each of the rounds it looks at, nothing afterwards.</remarks>
internal sealed class BlockScales
{
    /// <summary>Scales further apart than this are told.</summary>
    public const double Most = 1000;

    private const int LookedAt = 3;
    private const double Exact = 1e-6;

    private readonly RunPlan _plan;
    private readonly double[] _squares;
    private readonly int[] _counts;
    private float[] _block;
    private int _rounds;

    private BlockScales(RunPlan plan)
    {
        _plan = plan;
        var blocks = plan.Code.Table.Blocks;
        _squares = new double[blocks];
        _counts = new int[blocks];
        _block = new float[Enumerable.Range(0, blocks).Max(b => plan.Layout.Length(b, plan.Shape))];
        var ones = new float[plan.Shape.Length];
        Array.Fill(ones, 1f);
        for (var block = 0; block < blocks; block++)
        {
            _counts[block] = Gather(block, ones).Count(1f);
        }
    }

    /// <summary>A watch; null if no row mixes blocks.</summary>
    /// <param name="plan">The plan.</param>
    public static BlockScales? Of(RunPlan plan) =>
        plan.Code.Table.Rows.Any(row => row.Terms.Any(t => t.Block != row.Terms[0].Block)) ? new BlockScales(plan) : null;

    /// <summary>Looks at a round's decoded gradient.</summary>
    /// <param name="residual">How far the decode is from exact; others are not looked at.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="found">The row whose blocks are furthest apart, how far, and which they are.</param>
    /// <returns>Whether, after the last look, they are further apart than <see cref="Most"/>: true once at most.</returns>
    public bool Look(double residual, ReadOnlySpan<float> gradient, out (int Row, double Ratio, string Blocks) found)
    {
        found = default;
        if (_rounds == LookedAt || !(residual <= Exact))
        {
            return false;
        }

        for (var block = 0; block < _squares.Length; block++)
        {
            _squares[block] += Norms.SquaredL2(Gather(block, gradient));
        }

        if (++_rounds < LookedAt)
        {
            return false;
        }

        _block = [];
        found = Furthest();
        return found.Ratio > Most;
    }

    private ReadOnlySpan<float> Gather(int block, ReadOnlySpan<float> vector)
    {
        var values = _block.AsSpan(0, _plan.Layout.Length(block, _plan.Shape));
        values.Clear();
        _plan.Layout.Gather(block, _plan.Shape, vector, 1f, values);
        return values;
    }

    // Blocks that are zero throughout (padding, or nothing to learn there) have no scale.
    private (int Row, double Ratio, string Blocks) Furthest()
    {
        var (most, rows) = ((Row: -1, Ratio: 1.0, Low: 0, High: 0), _plan.Code.Table.Rows);
        for (var row = 0; row < rows.Length; row++)
        {
            var blocks = rows[row].Terms.Select(t => t.Block).Where(b => _squares[b] > 0).Distinct().OrderBy(MeanSquare).ToArray();
            if (blocks.Length > 1 && Math.Sqrt(MeanSquare(blocks[^1]) / MeanSquare(blocks[0])) is var ratio && ratio > most.Ratio)
            {
                most = (row, ratio, blocks[0], blocks[^1]);
            }
        }

        return (most.Row, most.Ratio, string.Create(CultureInfo.InvariantCulture, $"{most.Low} and {most.High}"));
    }

    private double MeanSquare(int block) => _squares[block] / _counts[block];
}
