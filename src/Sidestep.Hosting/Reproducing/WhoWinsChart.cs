using System.Globalization;
using System.Text;

namespace Sidestep.Hosting;

/// <summary>A map as a picture: SVG, alone or in a page, light and dark as the reader's system is.</summary>
/// <remarks>Three panels over the same axes: the fastest exact scheme, the first at the target of all schemes, and what codes win or lose.</remarks>
public static class WhoWinsChart
{
    private const int CellWidth = 78, CellHeight = 44, Left = 74, Top = 70, PanelGap = 26, Below = 46, LegendHeight = 310, MarkColumn = 240;

    private const string Style = """
        svg.map { --page:#ffffff; --ink:#1c2430; --faint:#5a6675; --line:#c9d1db;
          --waits:#dfe4ea; --demand:#bcd7f5; --coded:#f7cf9b; --approximate:#c5e6c4; --pays:#f0a94e; --even:#f3f4f6; --loses:#7fb2ea; }
        @media (prefers-color-scheme: dark) { svg.map { --page:#12161c; --ink:#e8edf3; --faint:#9aa7b5; --line:#3a4552;
          --waits:#38414d; --demand:#1f4f80; --coded:#8a5410; --approximate:#2b6132; --pays:#b06c12; --even:#262d36; --loses:#235b96; } }
        svg.map { background:var(--page); font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif; }
        svg.map text { fill:var(--ink); font-size:12px; } svg.map .faint { fill:var(--faint); font-size:11px; }
        svg.map .title { font-size:14px; font-weight:600; } svg.map .head { font-size:17px; font-weight:700; }
        svg.map .mark { font-weight:600; font-size:12px; } svg.map .value { font-size:11px; } svg.map rect.cell { stroke:var(--page); stroke-width:2; }
        svg.map rect.rule { fill:none; stroke:var(--ink); stroke-width:1.5; stroke-dasharray:4 3; }
        svg.map .waits { fill:var(--waits); } svg.map .on-demand { fill:var(--demand); } svg.map .coded { fill:var(--coded); }
        svg.map .approximate { fill:var(--approximate); } svg.map .pays { fill:var(--pays); } svg.map .even { fill:var(--even); } svg.map .loses { fill:var(--loses); }
        """;

    /// <summary>A page of its own, without anything from elsewhere.</summary>
    /// <param name="plan">The grid.</param>
    /// <param name="points">The map.</param>
    public static string Html(WhoWinsPlan plan, IReadOnlyList<WhoWinsPoint> points) =>
        $$$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Who wins</title><meta name="color-scheme" content="light dark">
        <style>html{background:#fff;color:#1c2430;font-family:system-ui,sans-serif}@media (prefers-color-scheme: dark){html{background:#12161c;color:#e8edf3}}
        body{margin:24px auto;max-width:1180px;padding:0 12px}pre{white-space:pre-wrap;font-size:12px}svg{max-width:100%;height:auto}</style></head>
        <body>
        {{{Svg(plan, points)}}}
        <pre>{{{Escape(WhoWinsTable.Text(plan, points))}}}</pre>
        </body></html>

        """;

    /// <summary>The picture.</summary>
    /// <param name="plan">The grid.</param>
    /// <param name="points">The map.</param>
    public static string Svg(WhoWinsPlan plan, IReadOnlyList<WhoWinsPoint> points)
    {
        var panels = Panels(points);
        var panelWidth = Left + (CellWidth * plan.Ratios.Length);
        var columns = Math.Min(2, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var panelHeight = Top + (CellHeight * plan.Probabilities.Length) + Below;
        var width = (panelWidth * columns) + (PanelGap * (columns + 1));
        var height = 56 + ((panelHeight + PanelGap) * rows) + (panels.Count % columns == 0 ? LegendHeight : 0);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"Who wins\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<style>{Style}</style><rect width=\"{width}\" height=\"{height}\" style=\"fill:var(--page)\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"head\" x=\"{PanelGap}\" y=\"34\">{plan.Workers} workers, c = {DurationSyntax.Format(plan.Compute)}, a stall lasts {plan.Stall:0.#} c, {plan.Rounds} rounds a point</text>");
        for (var i = 0; i < panels.Count; i++)
        {
            var (x, y) = (PanelGap + ((panelWidth + PanelGap) * (i % columns)), 56 + ((panelHeight + PanelGap) * (i / columns)));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<g transform=\"translate({x} {y})\">");
            Draw(svg, plan, points, panels[i]);
            svg.AppendLine("</g>");
        }

        var legendX = panels.Count % columns == 0 ? PanelGap : PanelGap + panelWidth + PanelGap;
        var legendY = panels.Count % columns == 0 ? height - LegendHeight : 56 + ((panelHeight + PanelGap) * (rows - 1)) + Top;
        Legend(svg, plan, legendX, legendY);
        return svg.AppendLine("</svg>").ToString();
    }

    private static List<Panel> Panels(IReadOnlyList<WhoWinsPoint> points)
    {
        var panels = new List<Panel>
        {
            new("Shortest rounds, exact schemes", "number: mean round over wait-for-all's", false, p =>
            {
                var cell = p.Fastest(r => r.IsExact);
                return (WhoWinsTable.Word(cell.Rival.Kind), cell.Rival.Mark, cell.Times.Mean / p.WaitForAll.Times.Mean);
            }),
        };
        if (points.Any(p => p.FirstAtTarget() is not null))
        {
            panels.Add(new("First at the target, all schemes", "number: time to the target over wait-for-all's, at equal worker-seconds", false, p =>
                p.FirstAtTarget() is { } cell
                    ? (WhoWinsTable.Word(cell.Rival.Kind), cell.Rival.Mark, cell.SecondsToTarget / p.WaitForAll.SecondsToTarget)
                    : ("even", "none", double.NaN)));
        }

        panels.Add(new("What codes win or lose, exact schemes", "number: best code over the best without a code; dashed: the rule of thumb says code", true, p =>
        {
            var over = p.Rule.BestCode / p.Rule.BestOther;
            return (over < 0.98 ? "pays" : over > 1.02 ? "loses" : "even", p.Fastest(r => r.Kind == RivalKind.Coded).Rival.Mark, over);
        }));
        return panels;
    }

    private static void Draw(StringBuilder svg, WhoWinsPlan plan, IReadOnlyList<WhoWinsPoint> points, Panel panel)
    {
        var bottom = Top + (CellHeight * plan.Probabilities.Length);
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"18\">{panel.Title}</text><text class=\"faint\" x=\"{Left}\" y=\"36\">{panel.Note}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"faint\" x=\"0\" y=\"{Top - 10}\">P(a worker stalls in a round)</text>");
        for (var column = 0; column < plan.Ratios.Length; column++)
        {
            var ratio = plan.Ratios[column];
            var x = Left + (CellWidth * column);
            for (var row = 0; row < plan.Probabilities.Length; row++)
            {
                var probability = plan.Probabilities[row];
                var point = points.Single(p => p.Ratio == ratio && p.Probability == probability);
                var y = bottom - (CellHeight * (row + 1));
                var (tone, mark, value) = panel.Cell(point);
                svg.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"cell {tone}\" x=\"{x}\" y=\"{y}\" width=\"{CellWidth}\" height=\"{CellHeight}\" rx=\"5\"/>");
                svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"mark\" text-anchor=\"middle\" x=\"{x + (CellWidth / 2)}\" y=\"{y + 19}\">{mark}</text><text class=\"value\" text-anchor=\"middle\" x=\"{x + (CellWidth / 2)}\" y=\"{y + 34}\">{value:0.00}×</text>");
                if (panel.ShowsRule && point.Rule.SaysCode)
                {
                    svg.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"rule\" x=\"{x + 4}\" y=\"{y + 4}\" width=\"{CellWidth - 8}\" height=\"{CellHeight - 8}\" rx=\"3\"/>");
                }
            }

            svg.AppendLine(CultureInfo.InvariantCulture, $"<text text-anchor=\"middle\" x=\"{x + (CellWidth / 2)}\" y=\"{bottom + 18}\">{ratio:0.###}</text>");
        }

        for (var row = 0; row < plan.Probabilities.Length; row++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text text-anchor=\"end\" x=\"{Left - 8}\" y=\"{bottom - (CellHeight * row) - (CellHeight / 2) + 4}\">{plan.Probabilities[row] * 100:0.###} %</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"faint\" text-anchor=\"middle\" x=\"{Left + (CellWidth * plan.Ratios.Length / 2)}\" y=\"{bottom + 36}\">c / round-trip time (left: links are fast)</text>");
    }

    private static void Legend(StringBuilder svg, WhoWinsPlan plan, int x, int y)
    {
        (string Tone, string Text)[] tones =
        [
            ("waits", "waits for all"), ("on-demand", "work is given to others when needed (exact)"), ("coded", "work is done more than once in advance (exact)"),
            ("approximate", "late work is left out or used late (approximate)"), ("pays", "third map: the best code is faster"), ("loses", "third map: the best code is slower"),
        ];
        for (var i = 0; i < tones.Length; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"{tones[i].Tone}\" x=\"{x}\" y=\"{y + (20 * i)}\" width=\"14\" height=\"14\" rx=\"3\"/><text x=\"{x + 22}\" y=\"{y + 12 + (20 * i)}\">{tones[i].Text}</text>");
        }

        var rivals = Rivals.Of(plan.Workers);
        var half = (rivals.Count + 1) / 2;
        for (var i = 0; i < rivals.Count; i++)
        {
            var (left, line) = (x + (i / half * MarkColumn), y + 146 + (18 * (i % half)));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"mark\" x=\"{left}\" y=\"{line}\">{rivals[i].Mark}</text><text class=\"faint\" x=\"{left + 40}\" y=\"{line}\">{rivals[i].Name}</text>");
        }
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private sealed record Panel(string Title, string Note, bool ShowsRule, Func<WhoWinsPoint, (string Tone, string Mark, double Value)> Cell);
}
