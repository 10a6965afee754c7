using System.CommandLine;
using System.Text;
using Sidestep.Cli.Report;

namespace Sidestep.Cli;

/// <summary><c>sidestep report DIR…</c>: draws runs into one HTML file.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("folders") { Description = "Folders of runs, finished or still going on.", Arity = ArgumentArity.OneOrMore, HelpName = "DIR" };
        var output = new Option<string>("--out") { Description = "The file to write.", DefaultValueFactory = _ => "report.html", HelpName = "FILE" };
        var command = new Command("report", "Draws runs into one HTML file: metrics, times of rounds, arrivals, costs.") { folders, output };
        command.SetAction(parsed => Run(parsed.GetValue(folders)!, parsed.GetValue(output)!, terminal));
        return command;
    }

    private static int Run(string[] folders, string output, Terminal terminal)
    {
        var runs = ReportLoader.Load(folders);
        var page = Encoding.UTF8.GetBytes(ReportPage.Of(runs));
        try
        {
            File.WriteAllBytes(output, page);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{output} cannot be written: {error.Message}", 73, error);
        }

        foreach (var run in runs)
        {
            foreach (var note in run.Notes)
            {
                terminal.Error.WriteLine($"{run.Name}: {note}");
            }
        }

        terminal.Out.WriteLine($"written {output}: {runs.Count} run{(runs.Count == 1 ? string.Empty : "s")}, {page.Length / 1000} kB");
        return 0;
    }
}
