using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>One line of the verdict.</summary>
/// <param name="Scheme">The code.</param>
/// <param name="Weather">Whether slots stalled and died.</param>
/// <param name="Rounds">Rounds done.</param>
/// <param name="Seconds">Seconds of all rounds together.</param>
/// <param name="MillisecondsPerRound">Mean milliseconds per round.</param>
/// <param name="Deaths">Workers that died.</param>
/// <param name="Accuracy">On the test set.</param>
/// <param name="Exact">Whether the trajectory has the bytes of the undisturbed run.</param>
internal sealed record VerdictView(
    string Scheme, bool Weather, long Rounds, double Seconds, double MillisecondsPerRound, long Deaths, double? Accuracy, bool Exact);

/// <summary>What the demo came to.</summary>
/// <param name="Emulated">Computing time was emulated.</param>
/// <param name="Folder">Where every run's results are.</param>
/// <param name="Verdicts">The lines.</param>
internal sealed record DemoView(bool Emulated, string Folder, IReadOnlyList<VerdictView> Verdicts);

/// <summary><c>sidestep demo</c>: the same training with and without bad weather, under three schemes, on local processes.</summary>
internal static class DemoCommand
{
    private const string Uncoded = "uncoded";
    private const string Repetition = "fractional-repetition";
    private const string Reissue = "reissue";

    private static readonly (string Scheme, bool Weather)[] Runs =
        [(Uncoded, false), (Uncoded, true), (Repetition, false), (Repetition, true), (Reissue, true)];

    public static Command Create(Terminal terminal)
    {
        var json = Flags.Json();
        var target = new Option<string?>("--out", "-o") { Description = "Folder for the runs; default runs/demo-001 and so on." };
        var fabric = new Option<string>("--fabric") { Description = "tcp (local processes), threads or sim.", DefaultValueFactory = _ => "tcp" };
        var command = new Command("demo", "Trains on 9 local processes, two stalling and one killed in mid-round, and says what each scheme makes of it.")
        {
            target, fabric, json,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(target) ?? RunFolder.NextFree("runs", "demo");
            using var signals = new Signals(terminal.Error);
            var runs = new DemoRuns(folder, parsed.GetValue(fabric)!, terminal, signals);
            foreach (var (scheme, weather) in Runs)
            {
                if (runs.Run(scheme, weather) is var code and not 0)
                {
                    return code;
                }
            }

            Report(terminal, new DemoView(true, Path.GetFullPath(folder), Verdicts(runs)), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static List<VerdictView> Verdicts(DemoRuns runs)
    {
        var verdicts = new List<VerdictView>();
        foreach (var (scheme, weather) in Runs)
        {
            // Repetition in calm weather is only run to compare with: it says nothing of time that uncoded does not.
            if (weather || scheme == Uncoded)
            {
                var calm = RunResult.Load(runs.ResultOf(Reference(scheme), weather: false));
                var result = RunResult.Load(runs.ResultOf(scheme, weather));
                verdicts.Add(new VerdictView(
                    scheme,
                    weather,
                    result.Rounds,
                    result.RoundSeconds.Mean * result.Rounds,
                    result.RoundSeconds.Mean * 1000,
                    result.Workers.Sum(w => w.Deaths),
                    result.Accuracy,
                    result.TrajectoryHash == calm.TrajectoryHash));
            }
        }

        return verdicts;
    }

    // Reissue sends what uncoded sends, only by others: undisturbed they are the same run.
    private static string Reference(string scheme) => scheme == Reissue ? Uncoded : scheme;

    private static void Report(Terminal terminal, DemoView view, bool asJson)
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.DemoView));
            return;
        }

        var output = terminal.Out;
        output.WriteLine();
        output.WriteLine("scheme                 weather   rounds  seconds  ms/round  deaths  accuracy  exact?");
        foreach (var v in view.Verdicts)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{v.Scheme,-22} {(v.Weather ? "bad" : "calm"),-8} {v.Rounds,7} {v.Seconds,8:0.00} {v.MillisecondsPerRound,9:0.0} {v.Deaths,7} {v.Accuracy,9:0.000}  {(v.Exact ? "yes" : "NO")}"));
        }

        output.WriteLine();
        output.WriteLine("exact: the trajectory has the very bytes of the undisturbed run (hashes read back from the result files).");
        output.WriteLine("compute was emulated at 10 ms per partition, so that 9 workers do not compete for this machine's cores.");
        output.WriteLine($"results: {view.Folder}");
    }
}
