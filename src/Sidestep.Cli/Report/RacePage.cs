using System.Globalization;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>A race as a page: for each law of delays, the loss of all schemes against time, and the tables as text.</summary>
internal static class RacePage
{
    private static readonly ChartSize[] Sizes = [ChartSize.Wide, ChartSize.Narrow];

    /// <summary>The page; it needs nothing else.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="runs">The runs.</param>
    public static string Of(RacePlan plan, IReadOnlyList<RaceRun> runs)
    {
        var text = new StringBuilder("<section><p class=\"lead\">Test loss while the model trains, one line a seed; every scheme at its best rate.</p></section>");
        foreach (var (delay, latency) in plan.Delays)
        {
            var lanes = runs.Where(r => r.Delay == delay).GroupBy(r => r.Lane).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Svg.Escape(delay)} delays, {Svg.Escape(latency)}</h2>").Append(Legend(lanes));
            foreach (var size in Sizes)
            {
                text.Append(LineChart.Draw(
                    size, $"test loss against time, {delay} delays", ("time", Quantity.Seconds, false), ("test loss", Quantity.Number, true), [.. lanes.SelectMany(Lines)]));
            }

            text.Append("</section>");
        }

        text.Append("<section><pre>").Append(Svg.Escape(RaceTable.Text(plan, runs))).Append("</pre></section>");
        return ReportPage.Frame("Loss against wall time", text.ToString());
    }

    // A scheme keeps its colour and dashes under all delays; derivative codes are drawn through.
    private static IEnumerable<Line> Lines(IGrouping<RaceLane, RaceRun> lane, int number) =>
        lane.Select(run => new Line(number, number / Palette.Runs, run.Lane.Name, [.. run.Points.Select(p => p.Seconds)], [.. run.Points.Select(p => p.Loss)]));

    private static string Legend(IReadOnlyList<IGrouping<RaceLane, RaceRun>> lanes) =>
        $"<ul class=\"legend\">{string.Concat(lanes.Select((lane, i) => $"<li><label><input type=\"checkbox\" checked data-run=\"{i}\"><svg class=\"key r{i % Palette.Runs} k{i / Palette.Runs % Palette.Styles}\" width=\"34\" height=\"14\" aria-hidden=\"true\"><path class=\"line\" d=\"M1 7H33\"/></svg>{Svg.Escape(lane.Key.Name)}</label></li>"))}</ul>";
}
