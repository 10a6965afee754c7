using System.Text;

namespace Sidestep.Cli.Report;

/// <summary>One line of a chart.</summary>
/// <param name="Run">Index of the run: its colour.</param>
/// <param name="Style">Index of its kind: its dashes.</param>
/// <param name="Name">What it is.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many; NaN: not known.</param>
/// <param name="IsStepped">Whether a value holds until the next one.</param>
internal sealed record Line(int Run, int Style, string Name, double[] X, double[] Y, bool IsStepped = false);

/// <summary>Lines over a common axis.</summary>
internal static class LineChart
{
    // Fewer points than this are marked one by one.
    private const int Marked = 40;

    /// <summary>Draws them.</summary>
    /// <param name="size">How large.</param>
    /// <param name="label">What the chart shows.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="lines">The lines.</param>
    /// <returns>SVG; a sentence if there is nothing to draw.</returns>
    public static string Draw(
        ChartSize size, string label, (string Name, Quantity Quantity, bool MayBeLog) x, (string Name, Quantity Quantity, bool MayBeLog) y, IReadOnlyList<Line> lines)
    {
        var buckets = Math.Max(40, size.Points / Math.Max(1, lines.Count));
        var drawn = lines.Select(l => (Line: l, Points: Decimation.MinMax(l.X, l.Y, buckets))).Where(l => l.Points.Count > 0).ToArray();
        if (drawn.Length == 0)
        {
            return $"<p class=\"{size.Class} none\">{Svg.Escape(label)}: nothing to draw yet.</p>";
        }

        var all = drawn.SelectMany(l => l.Points).ToArray();
        var frame = new ChartFrame(
            size,
            (x.Name, x.Quantity, x.MayBeLog ? all.Min(p => p.X) : Math.Min(0, all.Min(p => p.X)), all.Max(p => p.X), x.MayBeLog),
            (y.Name, y.Quantity, all.Min(p => p.Y), all.Max(p => p.Y), y.MayBeLog));
        var svg = frame.Begin(label);
        foreach (var (line, points) in drawn)
        {
            svg.Raw($"<g class=\"r{line.Run % Palette.Runs} k{line.Style % Palette.Styles}\" data-run=\"{line.Run}\" style=\"--w:{Svg.N(Width(line, lines))}\"><path class=\"line\" data-name=\"{Svg.Escape(line.Name)}\" d=\"{Path(frame, points, line.IsStepped)}\"/>");
            if (points.Count <= Marked && !line.IsStepped)
            {
                Dots(svg, frame, points);
            }

            svg.Raw("</g>");
        }

        return svg.End();
    }

    // Exact methods draw the same line: the later run lies on the earlier one, which is wider.
    private static double Width(Line line, IReadOnlyList<Line> lines) => line.IsStepped ? 1.6 : 1.6 + (1.1 * Math.Min(5, lines.Max(l => l.Run) - line.Run));

    private static string Path(ChartFrame frame, List<(double X, double Y)> points, bool isStepped)
    {
        var path = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = frame.At(points[i].X, points[i].Y);
            if (i == 0)
            {
                path.Append('M').Append(Svg.N(x)).Append(' ').Append(Svg.N(y));
            }
            else if (isStepped)
            {
                path.Append('H').Append(Svg.N(x)).Append('V').Append(Svg.N(y));
            }
            else
            {
                path.Append('L').Append(Svg.N(x)).Append(' ').Append(Svg.N(y));
            }
        }

        return path.ToString();
    }

    private static void Dots(Svg svg, ChartFrame frame, List<(double X, double Y)> points)
    {
        foreach (var (px, py) in points)
        {
            var (x, y) = frame.At(px, py);
            svg.Raw($"<circle class=\"dot\" cx=\"{Svg.N(x)}\" cy=\"{Svg.N(y)}\" r=\"2.5\"/>");
        }
    }
}
