using System.Globalization;

namespace Sidestep.Cli.Report;

/// <summary>Draws a stretch of a run: a lane per worker, bars of what it did, marks of what came.</summary>
internal static class GanttChart
{
    /// <summary>Workers that get a lane; further ones are left out.</summary>
    public const int MostLanes = 40;

    private const double Width = 1040, Left = 62, Right = 14, Top = 22, Bottom = 44, LaneHeight = 20, BarHeight = 12;

    /// <summary>Draws a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="run">Name of the run.</param>
    public static string Draw(GanttWindow window, int workers, string run)
    {
        var lanes = Math.Clamp(workers, 1, MostLanes);
        var bottom = Top + (lanes * LaneHeight);
        var span = window.End - window.Start;
        var unit = Unit.For(Quantity.Seconds, span);
        var scale = Scale.Exactly(0, span / unit.Size, Left, Width - Right);
        double At(double time) => scale.At((time - window.Start) / unit.Size);

        var svg = new Svg(Width, bottom + Bottom, $"{run}: {window.Title}, what every worker did over {Unit.Show(Quantity.Seconds, span)}", "chart gantt");
        for (var lane = 0; lane < lanes; lane++)
        {
            var y = Top + (lane * LaneHeight);
            svg.Raw($"<rect class=\"lane{lane % 2}\" x=\"{Svg.N(Left)}\" y=\"{Svg.N(y)}\" width=\"{Svg.N(Width - Left - Right)}\" height=\"{Svg.N(LaneHeight)}\"/>")
                .Text("tick end", Left - 6, y + 14, lane.ToString(CultureInfo.InvariantCulture));
        }

        RoundEnds(svg, window, At, bottom);
        foreach (var bar in window.Bars.Where(b => b.Slot < lanes))
        {
            DrawBar(svg, bar, At);
        }

        foreach (var mark in window.Marks.Where(m => m.Slot < lanes).OrderBy(m => m.Kind))
        {
            DrawMark(svg, mark, At(mark.At), Unit.Show(Quantity.Seconds, mark.At - window.Start));
        }

        svg.Line("axis", Left, bottom, Width - Right, bottom);
        foreach (var tick in scale.Ticks(8))
        {
            svg.Line("axis", scale.At(tick), bottom, scale.At(tick), bottom + 4).Text("tick middle", scale.At(tick), bottom + 17, Unit.Digits(tick));
        }

        svg.Text("name middle", (Left + Width - Right) / 2, bottom + 36, $"time since the window began ({unit.Name})");
        svg.Raw($"<text class=\"name middle\" transform=\"translate(13 {Svg.N((Top + bottom) / 2)}) rotate(-90)\">worker</text>");
        return svg.End();
    }

    /// <summary>What bars and marks mean, as HTML.</summary>
    public static string Legend()
    {
        var bars = Enum.GetValues<BarKind>().Select(k => $"<li><svg class=\"key\" width=\"22\" height=\"14\" aria-hidden=\"true\"><rect class=\"{Class(k)}\" x=\"1\" y=\"1\" width=\"20\" height=\"12\"/></svg>{Name(k)}</li>");
        var marks = Enum.GetValues<MarkKind>().Select(k => $"<li><svg class=\"key\" width=\"22\" height=\"14\" aria-hidden=\"true\">{Shape(k, 11, 7)}</svg>{Name(k)}</li>");
        return $"<ul class=\"legend\">{string.Concat(bars)}{string.Concat(marks)}<li><svg class=\"key\" width=\"22\" height=\"14\" aria-hidden=\"true\"><path class=\"round\" d=\"M11 0V14\"/></svg>a round ends</li></ul>";
    }

    private static void RoundEnds(Svg svg, GanttWindow window, Func<double, double> at, double bottom)
    {
        const double Room = 34;
        var free = Left;
        foreach (var (round, time) in window.RoundEnds)
        {
            var x = at(time);
            svg.Line("round", x, Top - 4, x, bottom);
            if (x - Room >= free)
            {
                svg.Text("tick end", x, Top - 8, string.Create(CultureInfo.InvariantCulture, $"{round}"));
                free = x;
            }
        }
    }

    private static void DrawBar(Svg svg, in Bar bar, Func<double, double> at)
    {
        var y = Top + (bar.Slot * LaneHeight) + ((LaneHeight - BarHeight) / 2);
        var height = bar.Kind is BarKind.Upload or BarKind.LateStart ? BarHeight / 2 : BarHeight;
        svg.Rect(
            Class(bar.Kind), at(bar.Start), y + ((BarHeight - height) / 2), at(bar.End) - at(bar.Start), height,
            string.Create(CultureInfo.InvariantCulture, $"worker {bar.Slot}{(bar.Round >= 0 ? $", round {bar.Round}" : string.Empty)}: {Name(bar.Kind)}, {Unit.Show(Quantity.Seconds, bar.End - bar.Start)}"));
    }

    private static void DrawMark(Svg svg, in Mark mark, double x, string time) =>
        svg.Raw("<g>").Raw(Shape(mark.Kind, x, Top + (mark.Slot * LaneHeight) + (LaneHeight / 2)))
            .Raw(string.Create(CultureInfo.InvariantCulture, $"<title>worker {mark.Slot}, round {mark.Round}: {Name(mark.Kind)}, at {time}</title></g>"));

    private static string Shape(MarkKind kind, double x, double y)
    {
        string P(double dx, double dy) => $"{Svg.N(x + dx)} {Svg.N(y + dy)}";
        return kind switch
        {
            MarkKind.Share => $"<circle class=\"share\" cx=\"{Svg.N(x)}\" cy=\"{Svg.N(y)}\" r=\"3.2\"/>",
            MarkKind.Late => $"<path class=\"late\" d=\"M{P(-3.5, -3.5)}L{P(3.5, 3.5)}M{P(3.5, -3.5)}L{P(-3.5, 3.5)}\"/>",
            MarkKind.Ask => $"<path class=\"ask\" d=\"M{P(0, 4)}L{P(-3.5, -3)}H{Svg.N(x + 3.5)}Z\"/>",
            MarkKind.Joined => $"<path class=\"joined\" d=\"M{P(-3.5, -5)}L{P(4, 0)}L{P(-3.5, 5)}Z\"/>",
            _ => $"<path class=\"lost\" d=\"M{P(-5, -5)}H{Svg.N(x + 5)}V{Svg.N(y + 5)}H{Svg.N(x - 5)}Z\"/>",
        };
    }

    private static string Class(BarKind kind) => kind switch
    {
        BarKind.LateStart => "latestart",
        BarKind.Weather => "weather",
        BarKind.Compute => "compute",
        BarKind.Upload => "upload",
        _ => "away",
    };

    private static string Name(BarKind kind) => kind switch
    {
        BarKind.LateStart => "late start",
        BarKind.Weather => "rehearsed weather",
        BarKind.Compute => "compute",
        BarKind.Upload => "upload",
        _ => "dead",
    };

    private static string Name(MarkKind kind) => kind switch
    {
        MarkKind.Share => "share in time",
        MarkKind.Late => "share too late",
        MarkKind.Ask => "asked for another's row",
        MarkKind.Joined => "session begins",
        _ => "session ends",
    };
}
