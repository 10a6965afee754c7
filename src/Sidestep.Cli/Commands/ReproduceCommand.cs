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
            terminal.Out.Write(WhoWinsTable.Text(plan, points));
            return 0;
        });
        return command;
    }
}
