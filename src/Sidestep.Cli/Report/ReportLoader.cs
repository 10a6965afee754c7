using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>Reads folders of runs, finished or not.</summary>
internal static class ReportLoader
{
    // Bars of the last rounds: so many in one picture are still told apart.
    private const int LastRounds = 20, MostRoundBars = 1200;

    /// <summary>Reads all folders.</summary>
    /// <param name="folders">As given.</param>
    /// <exception cref="ConfigurationException">There is no such folder.</exception>
    /// <exception cref="DataException">A folder holds no run, or a file of it is not what it should be.</exception>
    public static IReadOnlyList<ReportRun> Load(IReadOnlyList<string> folders)
    {
        var names = Names(folders);
        return [.. folders.Select((folder, i) => Load(folder, names[i]))];
    }

    private static ReportRun Load(string folder, string name)
    {
        var metrics = MetricsTable.Load(MetricsOf(folder));
        var resultPath = Path.Combine(folder, "result.json");
        var result = File.Exists(resultPath) ? RunResult.Load(resultPath) : null;
        var notes = Notes(metrics, result);
        var axes = RunAxes.Of(metrics, []);
        var windows = Windows(metrics, axes, WorkersOf(folder, result));
        var events = Path.Combine(folder, "events.jsonl");
        if (File.Exists(events))
        {
            var collector = new GanttCollector(windows);
            var lines = new EventLines();
            lines.Read(events, collector.Hear);
            collector.Finish();
            axes = RunAxes.Of(metrics, collector.Presence);
            if (lines.Damaged > 0)
            {
                notes.Add(Text($"{lines.Damaged} lines of events.jsonl cannot be read and are left out"));
            }

            if (windows.Any(w => w.IsCut))
            {
                notes.Add(Text($"too much happened in a picture of rounds: only the first {GanttWindow.MostItems} bars and marks are drawn"));
            }
        }
        else
        {
            windows = [];
            notes.Add("there is no events.jsonl: rounds cannot be drawn, and worker-seconds are counted from the joins and losses in metrics.csv");
        }

        return new ReportRun { Name = name, Folder = folder, Result = result, Metrics = metrics, Axes = axes, Windows = windows, Notes = notes };
    }

    private static string MetricsOf(string folder)
    {
        var path = Path.Combine(folder, "metrics.csv");
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(folder))
        {
            var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
            var others = Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Select(d => Path.GetFileName(d)).ToArray() : [];
            var clause = others.Length > 0 ? $"; {Nearest.Clause(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), others)}" : string.Empty;
            throw new ConfigurationException($"there is no folder '{folder}'{clause}");
        }

        var runs = Directory.EnumerateDirectories(folder).Count(d => File.Exists(Path.Combine(d, "metrics.csv")));
        throw new DataException(runs > 0
            ? Text($"{folder} holds no run itself, but {runs} of its folders do: give {Path.Combine(folder, "*")}")
            : $"{folder} holds no run: there is no metrics.csv in it; give a folder that 'sidestep run --out' wrote");
    }

    private static List<string> Notes(MetricsTable metrics, RunResult? result)
    {
        var notes = new List<string>();
        if (result is null)
        {
            notes.Add(Text($"there is no result.json: the run is still going on, or was killed; shown are its first {metrics.Rows} rounds, without a ledger"));
        }
        else if (result.Status != "finished")
        {
            notes.Add(result.Reason.Length > 0 ? $"{result.Status}: {result.Reason}" : result.Status);
        }

        if (metrics.IsCut)
        {
            notes.Add("the last line of metrics.csv is cut short and is left out");
        }

        if (metrics.Damaged > 0)
        {
            notes.Add(Text($"{metrics.Damaged} lines of metrics.csv cannot be read and are left out"));
        }

        if (result is { Emulated: true })
        {
            notes.Add("computing time is emulated: seconds say how schemes compare, not how fast this machine is");
        }

        return notes;
    }

    private static List<GanttWindow> Windows(MetricsTable metrics, RunAxes axes, int workers)
    {
        var (round, seconds, end) = (metrics["round"], metrics["seconds"], metrics["end"]);
        var known = Enumerable.Range(0, metrics.Rows).Where(i => double.IsFinite(seconds[i]) && double.IsFinite(end[i]) && seconds[i] > 0).ToArray();
        if (known.Length == 0)
        {
            return [];
        }

        GanttWindow Window(string title, int from, int to) => new(title, axes.Session[to], end[from] - seconds[from], end[to]);
        var slowest = known.MaxBy(i => seconds[i]);
        var last = known[^1];
        var count = Math.Clamp(MostRoundBars / Math.Max(1, 4 * Math.Min(workers, GanttChart.MostLanes)), 1, LastRounds);
        var from = known.TakeLast(count).First(i => axes.Session[i] == axes.Session[last]);
        return
        [
            Window(Text($"first round ({round[known[0]]:0})"), known[0], known[0]),
            Window(Text($"slowest round ({round[slowest]:0})"), slowest, slowest),
            Window(Text($"last rounds ({round[from]:0} to {round[last]:0})"), from, last),
        ];
    }

    private static int WorkersOf(string folder, RunResult? result)
    {
        if (result is not null)
        {
            return result.Workers.Count;
        }

        try
        {
            return (int?)JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "spec.json")))?["code"]?["workers"] ?? 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            return 1;
        }
    }

    // The last parts of the paths that tell them apart.
    private static string[] Names(IReadOnlyList<string> folders)
    {
        var parts = folders.Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f)).Split(Path.DirectorySeparatorChar)).ToArray();
        for (var depth = 1; depth < parts.Max(p => p.Length); depth++)
        {
            string[] names = [.. parts.Select(p => string.Join('/', p.TakeLast(depth)))];
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Length)
            {
                return names;
            }
        }

        throw new ConfigurationException("a folder is given twice: give each run once");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
