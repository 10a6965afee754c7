using System.Globalization;
using System.Text;

namespace Sidestep.Hosting;

/// <summary>A map as a table for programs and as text for people.</summary>
public static class WhoWinsTable
{
    /// <summary>One line per point and scheme; seconds; an empty field: not reached, or not asked for.</summary>
    /// <param name="points">The map.</param>
    public static string Csv(IReadOnlyList<WhoWinsPoint> points)
    {
        var text = new StringBuilder("computeOverRoundTrip,stallProbability,scheme,kind,exactness,meanSeconds,meanError,p95Seconds,workerSeconds,busySeconds,wastedSeconds,roundsToTarget,secondsToTarget,rate\n");
        foreach (var point in points)
        {
            foreach (var cell in point.Cells)
            {
                var t = cell.Times;
                text.AppendLine(CultureInfo.InvariantCulture, $"{point.Ratio},{point.Probability},{cell.Rival.Name},{Word(cell.Rival.Kind)},E{(int)t.Exactness},{Number(t.Mean)},{Number(t.MeanError)},{Number(t.Quantile(0.95))},{Number(t.WorkerSeconds)},{Number(t.BusySeconds)},{Number(t.WastedSeconds)},{Number(cell.RoundsToTarget)},{Number(cell.SecondsToTarget)},{Number(cell.Rate)}");
            }
        }

        return text.ToString();
    }

    /// <summary>The map of the fastest exact schemes, and the rule of thumb held against it.</summary>
    /// <param name="plan">The grid.</param>
    /// <param name="points">The map.</param>
    public static string Text(WhoWinsPlan plan, IReadOnlyList<WhoWinsPoint> points)
    {
        var text = new StringBuilder();
        Map(text, plan, points, "fastest round, exact schemes (time over wait-for-all's)", p =>
        {
            var cell = p.Fastest(r => r.IsExact);
            return (cell.Rival.Mark, cell.Times.Mean / p.WaitForAll.Times.Mean);
        });
        if (points.Any(p => p.FirstAtTarget() is not null))
        {
            Map(text, plan, points, "first at the target, all schemes (time over wait-for-all's)", p => p.FirstAtTarget() is { } cell
                ? (cell.Rival.Mark, cell.SecondsToTarget / p.WaitForAll.SecondsToTarget)
                : ("none", double.NaN));
        }

        Map(text, plan, points, "best code over best exact scheme without a code (above 1: coding loses)", p =>
            (p.Fastest(r => r.Kind == RivalKind.Coded).Rival.Mark, p.Rule.BestCode / p.Rule.BestOther));
        text.AppendLine("marks: " + string.Join(", ", Rivals.Of(plan.Workers).Select(r => $"{r.Mark} {r.Name}")));
        return text.AppendLine().Append(Rule(points)).ToString();
    }

    /// <summary>How often the rule of thumb is right.</summary>
    /// <param name="points">The map.</param>
    public static string Rule(IReadOnlyList<WhoWinsPoint> points)
    {
        var text = new StringBuilder();
        text.AppendLine("rule of thumb: coding pays when s·c < P(a needed share is late) × (detection + round trip + c)");
        text.AppendLine("                                 a code is faster   a code is not   right");
        Line("against waiting and whole parts", p => p.Rule.IsCode);
        Line("against all exact schemes", p => p.Rule.CodeWins);
        return text.ToString();

        void Line(string what, Func<WhoWinsPoint, bool> isCode)
        {
            var counts = new int[2, 2];
            foreach (var point in points)
            {
                counts[point.Rule.SaysCode ? 0 : 1, isCode(point) ? 0 : 1]++;
            }

            var right = counts[0, 0] + counts[1, 1];
            text.AppendLine(CultureInfo.InvariantCulture, $"{what}:");
            text.AppendLine(CultureInfo.InvariantCulture, $"  rule says code                 {counts[0, 0],16} {counts[0, 1],15}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  rule says no code              {counts[1, 0],16} {counts[1, 1],15}   {right} of {points.Count}");
        }
    }

    internal static string Word(RivalKind kind) => kind switch
    {
        RivalKind.Waits => "waits",
        RivalKind.OnDemand => "on-demand",
        RivalKind.Coded => "coded",
        _ => "approximate",
    };

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : string.Empty;

    private static void Map(StringBuilder text, WhoWinsPlan plan, IReadOnlyList<WhoWinsPoint> points, string title, Func<WhoWinsPoint, (string Mark, double Value)> cell)
    {
        text.AppendLine(title);
        text.Append(" stall probability \\ c over round trip ");
        foreach (var ratio in plan.Ratios)
        {
            text.Append(CultureInfo.InvariantCulture, $"{ratio,12:0.###}");
        }

        foreach (var probability in plan.Probabilities.Reverse())
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{probability,38:0.###} ");
            foreach (var ratio in plan.Ratios)
            {
                var (mark, value) = cell(points.Single(p => p.Ratio == ratio && p.Probability == probability));
                text.Append(CultureInfo.InvariantCulture, $"{mark,6} {value,5:0.00}");
            }
        }

        text.AppendLine().AppendLine();
    }
}
