using System.Globalization;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>The runs of the demo: a small perceptron on generated digit pictures.</summary>
internal sealed class DemoRuns(string folder, string fabric, Terminal terminal, Signals signals)
{
    private static readonly string Spec = string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "version": 1,
          "data": { "kind": "digit-pictures", "count": 1800, "testCount": 500 },
          "objective": { "kind": "perceptron", "hidden": [32] },
          "code": { "name": "uncoded", "workers": {{DemoLane.Workers}} },
          "optimizer": { "name": "adam", "rate": 0.005 },
          "samples": 144, "rounds": 1, "hashEvery": 10, "compute": "emulated({{DemoLane.PartMilliseconds}}ms)", "kernels": "managed"
        }
        """);

    /// <summary>The folder of all lanes.</summary>
    public string Folder => folder;

    /// <summary>Where the workers live.</summary>
    public string Fabric => fabric;

    /// <summary>The folder of a lane.</summary>
    public string FolderOf(DemoLane lane) => Path.Combine(folder, lane.Folder);

    /// <summary>What a lane that was run came to, as its file says.</summary>
    public RunResult ResultOf(DemoLane lane) => RunResult.Load(Path.Combine(FolderOf(lane), "result.json"));

    /// <summary>Runs a lane and shows how it goes.</summary>
    /// <returns>An exit code.</returns>
    public int Run(DemoLane lane, long rounds, bool showsProcesses = false)
    {
        var board = new LaneBoard(lane, rounds, showsProcesses);
        return Ended(() =>
        {
            using var target = RunFolder.Open(FolderOf(lane), FolderMode.Fresh);
            var result = LaneScreen.Show(board, terminal, Request(lane, rounds, target, fabric) with
            {
                Planned = board.Begin,
                Listener = board.Hear,
                Started = board.Started,
            });
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{lane.Title,-22} {result.Rounds} rounds, half of them within {result.RoundSeconds.P50 * 1000:0} ms; {Counted(result.Workers.Sum(w => w.Deaths))}"));
            return result;
        });
    }

    /// <summary>Runs the undisturbed twin of a lane in virtual time: the same bytes, at once.</summary>
    /// <returns>An exit code.</returns>
    public int RunReference(DemoLane lane, long rounds) => Ended(() =>
    {
        using var target = RunFolder.Open(FolderOf(lane.Reference), FolderMode.Fresh);
        return RunExecutor.RunAsync(Request(lane.Reference, rounds, target, "sim")).GetAwaiter().GetResult();
    });

    private static string Counted(long deaths) => deaths switch { 0 => "nobody died", 1 => "1 death", _ => $"{deaths} deaths" };

    private int Ended(Func<RunResult> run)
    {
        try
        {
            var result = run();
            if (result.Reason.Length > 0)
            {
                terminal.Error.WriteLine($"{result.Status}: {result.Reason}");
            }

            return result.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return RunCommand.Interrupted;
        }
    }

    private RunRequest Request(DemoLane lane, long rounds, RunFolder target, string where) => new()
    {
        Spec = SpecFile.Parse(Encoding.UTF8.GetBytes(Spec), "the demo's spec", Directory.GetCurrentDirectory(), [.. lane.Overrides(rounds)]),
        Folder = target,
        Fabric = where,
        WorkerLaunch = terminal.Trainer.Workers,
        Drain = signals.Drain,
        Stop = signals.Stop,
    };
}
