using System.Globalization;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>Composes a report: one HTML file that needs nothing else.</summary>
internal static class ReportPage
{
    private static readonly ChartSize[] Sizes = [ChartSize.Wide, ChartSize.Narrow];

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<ReportRun> runs)
    {
        var title = runs.Count == 1 ? $"Run {runs[0].Name}" : $"{runs.Count} runs compared";
        var text = new StringBuilder();
        Summary(text, runs);
        Curves(text, runs);
        RoundTimes(text, runs);
        Rounds(text, runs);
        Costs(text, runs);
        Files(text, runs);
        return Frame(title, text.ToString());
    }

    /// <summary>A page around its sections: style, theme button and what the mouse shows.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="sections">The sections, as HTML.</param>
    public static string Frame(string title, string sections) =>
        new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">")
            .Append($"<title>{Svg.Escape(title)} – Sidestep</title><style>{Part("report.css")}</style></head><body>")
            .Append($"<header><h1>{Svg.Escape(title)}</h1><button id=\"theme\" type=\"button\">dark or light</button></header><main>")
            .Append(sections)
            .Append($"</main><div id=\"tip\" role=\"status\" hidden></div><script>{Part("report.js")}</script></body></html>\n").ToString();

    private static void Summary(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        text.Append("<section>");
        foreach (var run in runs.Where(r => r.Result?.Ledger is not null))
        {
            var prefix = runs.Count > 1 ? $"<b>{Svg.Escape(run.Name)}</b>: " : string.Empty;
            text.Append($"<p class=\"lead\">{prefix}{Svg.Escape(LedgerText.Costliest(run.Result!.Ledger!))}. {Svg.Escape(LedgerText.Saved(run.Result.Ledger!, run.Result.Spec.Code.Name))}.</p>");
        }

        text.Append(ReportTables.Runs(runs)).Append("</section>");
    }

    private static void Curves(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        var metrics = MetricCharts.Metrics(runs);
        text.Append("<section class=\"choice\"><h2>Training</h2>");
        for (var axis = 0; axis < MetricCharts.Axes.Length; axis++)
        {
            var (key, name, _, _) = MetricCharts.Axes[axis];
            text.Append($"<input type=\"radio\" name=\"x\" id=\"x-{key}\" class=\"pick p{axis}\"{(axis == 0 ? " checked" : string.Empty)}><label for=\"x-{key}\">{name}</label>");
        }

        text.Append(Legend(runs, metrics.Count == 0 ? [] : metrics.MaxBy(m => m.Columns.Count).Columns));
        if (metrics.Count == 0)
        {
            text.Append("<p class=\"none\">No round has ended yet.</p>");
        }

        for (var axis = 0; axis < MetricCharts.Axes.Length; axis++)
        {
            text.Append($"<div class=\"pane q{axis}\">");
            foreach (var (metric, columns) in metrics)
            {
                text.Append($"<h3>{Svg.Escape(metric)}</h3>");
                foreach (var size in Sizes)
                {
                    text.Append(MetricCharts.Draw(size, runs, metric, columns, axis));
                }
            }

            text.Append("</div>");
        }

        text.Append("</section>");
    }

    private static string Legend(IReadOnlyList<ReportRun> runs, IReadOnlyList<string> kinds)
    {
        var items = runs.Select((run, i) =>
            $"<li><label><input type=\"checkbox\" checked data-run=\"{i}\"><svg class=\"key r{i % Palette.Runs} k0\" width=\"26\" height=\"14\" aria-hidden=\"true\"><path class=\"line\" d=\"M1 7H25\"/></svg>{Svg.Escape(run.Name)}</label></li>");
        var dashes = kinds.Count < 2 ? [] : kinds.Select((kind, i) =>
            $"<li><svg class=\"key plain k{i % Palette.Styles}\" width=\"34\" height=\"14\" aria-hidden=\"true\"><path class=\"line\" d=\"M1 7H33\"/></svg>{Svg.Escape(MetricCharts.SetOf(kind))}</li>");
        return $"<ul class=\"legend\">{string.Concat(items)}{string.Concat(dashes)}</ul>";
    }

    private static void RoundTimes(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        var lines = runs.Select((run, i) =>
        {
            var sorted = run.RoundSeconds;
            Array.Sort(sorted);
            return new Line(i, 0, run.Name, sorted, [.. Enumerable.Range(1, sorted.Length).Select(k => 100.0 * k / sorted.Length)], IsStepped: true);
        }).ToArray();
        text.Append("<section><h2>Time per round</h2><p>How many rounds took at most so long. The table above gives the 50th, 95th and 99th per cent.</p>").Append(Legend(runs, []));
        foreach (var size in Sizes)
        {
            text.Append(LineChart.Draw(size, "part of the rounds that took at most so long", ("time of a round", Quantity.Seconds, true), ("rounds in %", Quantity.Number, false), lines));
        }

        text.Append("</section>");
    }

    private static void Rounds(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        text.Append("<section><h2>Rounds seen closely</h2>").Append(GanttChart.Legend());
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            text.Append($"<div class=\"choice\"><h3><span class=\"swatch r{i % Palette.Runs}\" aria-hidden=\"true\"></span>{Svg.Escape(run.Name)}</h3>");
            for (var k = 0; k < run.Windows.Count; k++)
            {
                text.Append(Text($"<input type=\"radio\" name=\"g{i}\" id=\"g{i}-{k}\" class=\"pick p{k}\"{(k == 0 ? " checked" : string.Empty)}><label for=\"g{i}-{k}\">{run.Windows[k].Title}</label>"));
            }

            var workers = run.Result?.Workers.Count ?? run.Windows.SelectMany(w => w.Bars).Select(b => b.Slot + 1).DefaultIfEmpty(1).Max();
            for (var k = 0; k < run.Windows.Count; k++)
            {
                text.Append($"<div class=\"pane q{k} scroll\" tabindex=\"0\">{GanttChart.Draw(run.Windows[k], workers, run.Name)}</div>");
            }

            if (workers > GanttChart.MostLanes && run.Windows.Count > 0)
            {
                text.Append(Text($"<p class=\"none\">Shown are workers 0 to {GanttChart.MostLanes - 1} of {workers}.</p>"));
            }

            text.Append(run.Windows.Count == 0 ? "<p class=\"none\">There are no events of a round to draw.</p></div>" : "</div>");
        }

        text.Append("</section>");
    }

    private static void Costs(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        text.Append("<section><h2>Where the workers' time went</h2>").Append(CostBars.Legend());
        for (var i = 0; i < runs.Count; i++)
        {
            text.Append($"<h3><span class=\"swatch r{i % Palette.Runs}\" aria-hidden=\"true\"></span>{Svg.Escape(runs[i].Name)}</h3>");
            if (runs[i].Result is not { } result)
            {
                text.Append("<p class=\"none\">The ledger is written when the run ends.</p>");
                continue;
            }

            foreach (var size in Sizes)
            {
                text.Append(CostBars.Draw(size, result.Workers, runs[i].Name));
            }

            text.Append(ReportTables.Workers(result.Workers));
        }

        text.Append("<p>“Held the run up”: a worker's part of the time a round went on after its first worker was done. “Not waited for”: its part of the time the round would have gone on, at least, had it waited for all with one partition each.</p></section>");
    }

    private static void Files(StringBuilder text, IReadOnlyList<ReportRun> runs)
    {
        text.Append("<section><h2>Files</h2><dl>");
        foreach (var run in runs)
        {
            text.Append($"<dt>{Svg.Escape(run.Name)}</dt><dd>{Svg.Escape(run.Folder)}{string.Concat(run.Notes.Select(n => $"<br>{Svg.Escape(n)}"))}</dd>");
        }

        text.Append("</dl></section>");
    }

    private static string Part(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"Sidestep.Cli.Report.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
