using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>Stacked bars: where every worker's time went.</summary>
internal static class CostBars
{
    private const double Left = 62, Right = 14, Top = 8, Bottom = 44, LaneHeight = 24, BarHeight = 16;

    private static readonly (string Class, string Name, Func<WorkerResult, double> Seconds)[] Parts =
    [
        ("compute", "compute, used", w => w.ComputeSeconds - w.WastedSeconds),
        ("wasted", "compute, wasted", w => w.WastedSeconds),
        ("weather", "rehearsed weather", w => w.WeatherSeconds),
        ("upload", "upload", w => w.UploadSeconds),
        ("latestart", "late start", w => w.LateStartSeconds),
        ("idle", "idle", w => w.IdleSeconds),
    ];

    /// <summary>What the parts mean, as HTML.</summary>
    public static string Legend() =>
        $"<ul class=\"legend\">{string.Concat(Parts.Select(p => $"<li><svg class=\"key\" width=\"22\" height=\"14\" aria-hidden=\"true\"><rect class=\"{p.Class}\" x=\"1\" y=\"1\" width=\"20\" height=\"12\"/></svg>{p.Name}</li>"))}</ul>";

    /// <summary>Draws the workers of a run.</summary>
    /// <param name="size">How large; the height follows from the workers.</param>
    /// <param name="workers">The workers; the first <see cref="GanttChart.MostLanes"/> are drawn.</param>
    /// <param name="run">Name of the run.</param>
    public static string Draw(ChartSize size, IReadOnlyList<WorkerResult> workers, string run)
    {
        var shown = workers.Take(GanttChart.MostLanes).ToArray();
        var bottom = Top + (shown.Length * LaneHeight);
        var longest = Math.Max(1e-9, shown.Max(w => w.CostSeconds));
        var unit = Unit.For(Quantity.WorkerSeconds, longest);
        var ticks = size.Width > 500 ? 8 : 4;
        var scale = Scale.For(0, longest / unit.Size, mayBeLog: false, Left, size.Width - Right, ticks);
        var svg = new Svg(size.Width, bottom + Bottom, $"{run}: where the time of every worker went", $"chart {size.Class}");
        foreach (var tick in scale.Ticks(ticks))
        {
            svg.Line("grid", scale.At(tick), Top, scale.At(tick), bottom).Text("tick middle", scale.At(tick), bottom + 17, Unit.Digits(tick));
        }

        for (var lane = 0; lane < shown.Length; lane++)
        {
            DrawWorker(svg, shown[lane], Top + (lane * LaneHeight), scale, unit);
        }

        svg.Line("axis", Left, bottom, size.Width - Right, bottom);
        svg.Text("name middle", (Left + size.Width - Right) / 2, bottom + 36, $"time paid for ({unit.Name})");
        svg.Raw($"<text class=\"name middle\" transform=\"translate(13 {Svg.N((Top + bottom) / 2)}) rotate(-90)\">worker</text>");
        return svg.End();
    }

    private static void DrawWorker(Svg svg, WorkerResult worker, double y, Scale scale, Unit unit)
    {
        svg.Text("tick end", Left - 6, y + 16, worker.Id.ToString(CultureInfo.InvariantCulture));
        var sum = 0d;
        foreach (var (style, name, seconds) in Parts)
        {
            var length = Math.Max(0, seconds(worker));
            var (from, to) = (scale.At(sum / unit.Size), scale.At((sum + length) / unit.Size));
            sum += length;
            if (to - from >= 0.05)
            {
                svg.Rect(
                    style, from, y + ((LaneHeight - BarHeight) / 2), to - from, BarHeight,
                    string.Create(CultureInfo.InvariantCulture, $"worker {worker.Id}: {name} {Unit.Show(Quantity.Seconds, length)} of {Unit.Show(Quantity.Seconds, worker.CostSeconds)}"));
            }
        }
    }
}
