namespace Sidestep.Cli.Report;

/// <summary>Charts of what the metrics measure, against rounds, time, worker-seconds and bytes.</summary>
internal static class MetricCharts
{
    // Columns that describe the rounds, not the model.
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal)
    {
        "round", "seconds", "end", "shares", "late", "bytes", "wait", "decode", "step", "residual", "asked", "joined", "lost",
    };

    /// <summary>What can stand on the horizontal axis: key in the page, name, quantity, values.</summary>
    public static readonly (string Key, string Name, Quantity Quantity, Func<RunAxes, double[]> Values)[] Axes =
    [
        ("rounds", "rounds", Quantity.Number, a => a.Rounds),
        ("time", "time", Quantity.Seconds, a => a.Seconds),
        ("work", "worker time", Quantity.WorkerSeconds, a => a.WorkerSeconds),
        ("bytes", "shares received", Quantity.Bytes, a => a.Bytes),
    ];

    /// <summary>What is measured, over all runs: the metric's name, and the columns that measure it on some set.</summary>
    public static IReadOnlyList<(string Metric, IReadOnlyList<string> Columns)> Metrics(IReadOnlyList<ReportRun> runs) =>
        [.. runs.SelectMany(r => r.Metrics.Names).Distinct(StringComparer.Ordinal)
            .Where(n => !Bookkeeping.Contains(n) && runs.Any(r => r.Metrics[n].Any(double.IsFinite)))
            .GroupBy(MetricOf, StringComparer.Ordinal)
            .OrderBy(g => g.Key switch { "loss" => 0, "accuracy" => 1, _ => 2 })
            .Select(g => (g.Key, (IReadOnlyList<string>)[.. g]))];

    /// <summary>One metric against one axis.</summary>
    public static string Draw(ChartSize size, IReadOnlyList<ReportRun> runs, string metric, IReadOnlyList<string> columns, int axis)
    {
        var (_, name, quantity, values) = Axes[axis];
        var lines = new List<Line>();
        for (var run = 0; run < runs.Count; run++)
        {
            for (var kind = 0; kind < columns.Count; kind++)
            {
                lines.Add(new Line(run, kind, $"{runs[run].Name}, {SetOf(columns[kind])}", values(runs[run].Axes), runs[run].Metrics[columns[kind]]));
            }
        }

        return LineChart.Draw(size, $"{metric} against {name}", (name, quantity, false), (metric, Quantity.Number, metric == "loss"), lines);
    }

    /// <summary>On which set a column was measured.</summary>
    public static string SetOf(string column)
    {
        var metric = MetricOf(column);
        var set = column.Length > metric.Length ? column[..^metric.Length].TrimEnd('.') : string.Empty;
        return set.Length > 0 ? set : metric == "loss" ? "training" : "test";
    }

    // "validation.loss", "testLoss" and "loss" measure the same on different sets.
    private static string MetricOf(string column)
    {
        foreach (var metric in (string[])["loss", "accuracy"])
        {
            if (column.EndsWith(metric, StringComparison.OrdinalIgnoreCase))
            {
                return metric;
            }
        }

        return column[(column.LastIndexOf('.') + 1)..];
    }
}
