using System.Globalization;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>A race as a page: for each law of delays, the loss of all schemes against time, and a table.</summary>
internal static class RacePage
{
    private const int Steps = 48;

    // Runs at large rates begin with a jump upwards: what is above this part of the first loss is drawn at it.
    private const double Ceiling = 1.15;

    private static readonly ChartSize[] Sizes = [ChartSize.Wide, ChartSize.Narrow];

    /// <summary>The page; it needs nothing else.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="runs">The runs.</param>
    public static string Of(RacePlan plan, IReadOnlyList<RaceRun> runs)
    {
        var text = new StringBuilder();
        foreach (var (delay, latency) in plan.Delays)
        {
            RaceRun[] those = [.. runs.Where(r => r.Delay == delay)];
            if (those.Length == 0)
            {
                continue;
            }

            var lanes = those.GroupBy(r => r.Lane).ToArray();
            var most = Ceiling * those.Where(r => !r.Points.IsEmpty).Select(r => r.Points[0].Loss).Order().First();
            text.Append($"<section><h2>{Svg.Escape(delay)} delays, {Svg.Escape(latency)}</h2>")
                .Append(CultureInfo.InvariantCulture, $"<p>Median test loss over {plan.Seeds.Length} seed{(plan.Seeds.Length == 1 ? string.Empty : "s")} while the model trains; losses above {most:0.0} are drawn there. Links {Svg.Escape(plan.Link)}. Every scheme at its best rate.</p>")
                .Append(Legend(lanes));
            foreach (var size in Sizes)
            {
                text.Append(LineChart.Draw(
                    size,
                    $"test loss against time, {delay} delays",
                    ("time", Quantity.Seconds, false),
                    ("test loss", Quantity.Number, false),
                    [.. lanes.Select((lane, number) => Median(lane, number, plan.Length.TotalSeconds, most))]));
            }

            text.Append(Table(RaceRow.Of(those))).Append("</section>");
        }

        return ReportPage.Frame("Loss against wall time", text.ToString());
    }

    private static Line Median(IGrouping<RaceLane, RaceRun> lane, int number, double length, double most)
    {
        double[] x = [.. Enumerable.Range(0, Steps + 1).Select(i => length * i / Steps)];
        double[] y = [.. x.Select(t => Middle([.. lane.Select(run => At(run, t))], most))];
        return new Line(number, number / Palette.Runs, lane.Key.Name, x, y, IsStepped: true);
    }

    private static double At(RaceRun run, double seconds)
    {
        var loss = double.NaN;
        foreach (var point in run.Points.TakeWhile(p => p.Seconds <= seconds))
        {
            loss = point.Loss;
        }

        return loss;
    }

    private static double Middle(double[] losses, double most)
    {
        if (losses.Any(double.IsNaN))
        {
            return double.NaN;
        }

        Array.Sort(losses);
        return Math.Min(most, losses[(losses.Length - 1) / 2]);
    }

    private static string Table(IReadOnlyList<RaceRow> rows)
    {
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture,
            $"<div class=\"scroll\"><table><thead><tr><th>scheme</th><th>loss at the end</th><th>least to most</th><th>s to {rows[0].Target:0.000}</th><th>updates/s</th><th>KB a share</th><th>replies not used</th><th>rate</th></tr></thead><tbody>"));
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Escape(row.Lane.Name)}</td><td>{row.Median:0.000}</td><td>{row.Least:0.000} to {row.Most:0.000}</td><td>{(double.IsFinite(row.ToTarget) ? row.ToTarget.ToString("0.00", CultureInfo.InvariantCulture) : "not reached")}</td><td>{row.UpdatesPerSecond:0.0}</td><td>{row.ShareBytes / 1000:0.0}</td><td>{row.NotUsed * 100:0} %</td><td>{row.Rate:0.####}</td></tr>");
        }

        return text.Append("</tbody></table></div>").ToString();
    }

    // A scheme keeps its colour and dashes under all delays.
    private static string Legend(IReadOnlyList<IGrouping<RaceLane, RaceRun>> lanes) =>
        $"<ul class=\"legend\">{string.Concat(lanes.Select((lane, i) => $"<li><label><input type=\"checkbox\" checked data-run=\"{i}\"><svg class=\"key r{i % Palette.Runs} k{i / Palette.Runs % Palette.Styles}\" width=\"34\" height=\"14\" aria-hidden=\"true\"><path class=\"line\" d=\"M1 7H33\"/></svg>{Svg.Escape(lane.Key.Name)}</label></li>"))}</ul>";
}
