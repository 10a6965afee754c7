using System.Globalization;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>Tables of a report, as HTML.</summary>
internal static class ReportTables
{
    private const string None = "–";

    /// <summary>All runs side by side.</summary>
    public static string Runs(IReadOnlyList<ReportRun> runs)
    {
        string[] head = ["run", "method", "code", "workers", "rounds", "time", "p50", "p95", "p99", "loss", "accuracy", "saved ≥", "extra work", "exact", "hash"];
        return Table("Runs", head, runs.Select((run, i) => Row(run, i)), left: 3);
    }

    /// <summary>What every worker of a run did.</summary>
    public static string Workers(IReadOnlyList<WorkerResult> workers)
    {
        string[] head = ["worker", "in time", "late", "deaths", "paid for", "compute", "wasted", "weather", "upload", "late start", "idle", "held the run up", "not waited for"];
        return Table("Workers", head, workers.Select(w => (string[])
        [
            Number(w.Id), Number(w.Shares), Number(w.Late), Number(w.Deaths), Seconds(w.CostSeconds), Seconds(w.ComputeSeconds), Seconds(w.WastedSeconds),
            Seconds(w.WeatherSeconds), Seconds(w.UploadSeconds), Seconds(w.LateStartSeconds), Seconds(w.IdleSeconds), Seconds(w.DelaySeconds), Seconds(w.AvoidedSeconds),
        ]), left: 0);
    }

    /// <summary>The nearest rank: the smallest value that at least so many per cent do not exceed; NaN: there is none.</summary>
    public static double Quantile(double[] sorted, int percent) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)((((long)sorted.Length * percent) + 99) / 100) - 1)];

    private static string[] Row(ReportRun run, int index)
    {
        var seconds = run.RoundSeconds;
        Array.Sort(seconds);
        var (loss, accuracy) = (Last(run, "loss"), Last(run, "accuracy"));
        var time = run.Result?.Seconds ?? (run.Axes.Seconds.Length > 0 ? run.Axes.Seconds[^1] : double.NaN);
        return
        [
            $"<span class=\"swatch r{index % Palette.Runs}\" aria-hidden=\"true\"></span>{Svg.Escape(run.Name)}",
            Svg.Escape(run.Result?.Spec.Strategy.Name ?? None),
            Svg.Escape(run.Result?.Spec.Code.Name ?? None),
            run.Result is { } ended ? Number(ended.Workers.Count) : None,
            Number(run.Metrics.Rows),
            Seconds(time),
            Seconds(Quantile(seconds, 50)),
            Seconds(Quantile(seconds, 95)),
            Seconds(Quantile(seconds, 99)),
            Measured(run.Result?.Loss ?? loss),
            Measured(run.Result?.Accuracy ?? accuracy),
            run.Result?.Ledger is { } ledger ? Seconds(ledger.SavedSeconds) : None,
            run.Result?.Ledger is { } costs ? Seconds(costs.ExtraWorkerSeconds) : None,
            Svg.Escape(run.Result?.Exactness ?? None),
            run.Result is { TrajectoryHash.Length: > 0 } hashed ? $"<code title=\"{Svg.Escape(hashed.TrajectoryHash)}\">{Svg.Escape(hashed.TrajectoryHash[..Math.Min(8, hashed.TrajectoryHash.Length)])}</code>" : None,
        ];
    }

    // The last known value of the column that has this name, or ends with it.
    private static double Last(ReportRun run, string name)
    {
        var column = run.Metrics.Names.LastOrDefault(n => n.EndsWith(name, StringComparison.OrdinalIgnoreCase));
        return column is null ? double.NaN : run.Metrics[column].LastOrDefault(double.IsFinite, double.NaN);
    }

    private static string Table(string caption, string[] head, IEnumerable<string[]> rows, int left)
    {
        var text = new StringBuilder($"<div class=\"scroll\" tabindex=\"0\"><table><caption>{caption}</caption><thead><tr>");
        for (var i = 0; i < head.Length; i++)
        {
            text.Append($"<th scope=\"col\"{(i < left ? " class=\"left\"" : string.Empty)}>{head[i]}</th>");
        }

        text.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            text.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
            {
                text.Append(i == 0 ? $"<th scope=\"row\"{(left > 0 ? " class=\"left\"" : string.Empty)}>{row[i]}</th>" : $"<td{(i < left ? " class=\"left\"" : string.Empty)}>{row[i]}</td>");
            }

            text.Append("</tr>");
        }

        return text.Append("</tbody></table></div>").ToString();
    }

    private static string Seconds(double value) => !double.IsFinite(value) ? None : Math.Abs(value) < 5e-7 ? "0" : Unit.Show(Quantity.Seconds, value);

    private static string Measured(double value) => double.IsFinite(value) ? value.ToString("0.####", CultureInfo.InvariantCulture) : None;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
