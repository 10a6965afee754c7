using System.CommandLine;
using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep reproduce NAME</c>: an experiment of the documentation, computed anew.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Terminal terminal) => new("reproduce", "Computes a table or map of the documentation anew.")
    {
        WhoWinsOf(terminal),
        TracesOf(terminal),
    };

    private static Command WhoWinsOf(Terminal terminal)
    {
        var quick = new Option<bool>("--quick") { Description = "A small map with few rounds, in seconds." };
        var target = new Option<string?>("--out", "-o") { Description = "Folder for who-wins.csv and who-wins.html; default runs/who-wins-001 and so on." };
        var command = new Command("who-wins", "Which scheme is fastest, by how long messages take and how often workers stall: simulated with every scheme's own code.")
        {
            quick, target,
        };
        command.SetAction(parsed =>
        {
            var plan = parsed.GetValue(quick) ? WhoWinsPlan.Quick : new WhoWinsPlan();
            var folder = parsed.GetValue(target) ?? RunFolder.NextFree("runs", "who-wins");
            using var signals = new Signals(terminal.Error);
            var points = WhoWins.Run(
                plan,
                progress: (done, all) => terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {all} points")),
                stop: signals.Stop);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "who-wins.csv"), WhoWinsTable.Csv(points));
            File.WriteAllText(Path.Combine(folder, "who-wins.svg"), WhoWinsChart.Svg(plan, points));
            File.WriteAllText(Path.Combine(folder, "who-wins.html"), WhoWinsChart.Html(plan, points));
            terminal.Out.Write(WhoWinsTable.Text(plan, points));
            return 0;
        });
        return command;
    }

    private static Command TracesOf(Terminal terminal)
    {
        var data = new Option<string?>("--data") { Description = "Folder of data sets; default: the folder that SIDESTEP_DATA names." };
        var target = new Option<string?>("--out", "-o") { Description = "Folder for traces.csv and traces.md; default runs/traces-001 and so on." };
        var command = new Command("traces", "Three jobs of the Alibaba GPU trace of 2020, replayed under every scheme at three round-trip times.")
        {
            data, target,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(target) ?? RunFolder.NextFree("runs", "traces");
            var jobs = Path.Combine(parsed.GetValue(data) ?? DataFolder.For(Directory.GetCurrentDirectory()), "traces", "pai-minibatch");
            using var signals = new Signals(terminal.Error);
            var cells = new List<TraceCell>();
            foreach (var number in (int[])[1, 2, 4])
            {
                var job = JobTrace.Read(Path.Combine(jobs, string.Create(CultureInfo.InvariantCulture, $"job_{number}_norm.csv.gz")));
                cells.AddRange(TraceReplay.Run(job, [0, 0.01, 0.1], signals.Stop));
            }

            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "traces.csv"), TraceTable.Csv(cells));
            File.WriteAllText(Path.Combine(folder, "traces.md"), TraceTable.Text(cells));
            terminal.Out.Write(TraceTable.Text(cells));
            return 0;
        });
        return command;
    }
}
