using System.Text;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>The runs of the demo: a small perceptron on generated digit pictures, 9 workers.</summary>
internal sealed class DemoRuns(string folder, string fabric, Terminal terminal, Signals signals)
{
    private const string Spec = """
        {
          "version": 1,
          "data": { "kind": "digit-pictures", "count": 4500, "testCount": 1000 },
          "objective": { "kind": "perceptron", "hidden": [32] },
          "code": { "name": "uncoded", "workers": 9 },
          "optimizer": { "name": "adam", "rate": 0.005 },
          "samples": 288, "rounds": 30, "hashEvery": 10, "compute": "emulated(10ms)", "kernels": "managed"
        }
        """;

    public string ResultOf(string scheme, bool weather) => Path.Combine(FolderOf(scheme, weather), "result.json");

    /// <summary>Runs one scheme; returns its exit code.</summary>
    public int Run(string scheme, bool weather)
    {
        terminal.Error.WriteLine($"{scheme}, {(weather ? "slots 1 and 4 stall 200 ms every round, slot 7 is killed in round 10" : "calm weather")} …");
        var overrides = new List<string> { $"code.name={scheme}" };
        if (scheme == "fractional-repetition")
        {
            overrides.Add("code.stragglers=2");
        }

        if (weather)
        {
            overrides.Add($"slow={JsonValue.Create("1:200ms,4:200ms").ToJsonString()}");
            overrides.Add($"kill={JsonValue.Create("7@10").ToJsonString()}");
        }

        using var target = RunFolder.Open(FolderOf(scheme, weather), FolderMode.Fresh);
        try
        {
            var result = RunExecutor.RunAsync(new RunRequest
            {
                Spec = SpecFile.Parse(Encoding.UTF8.GetBytes(Spec), "the demo's spec", Directory.GetCurrentDirectory(), overrides),
                Folder = target,
                Fabric = fabric,
                WorkerLaunch = terminal.Trainer.Workers,
                Drain = signals.Drain,
                Stop = signals.Stop,
            }).GetAwaiter().GetResult();
            return result.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return RunCommand.Interrupted;
        }
    }

    private string FolderOf(string scheme, bool weather) => Path.Combine(folder, $"{scheme}-{(weather ? "bad-weather" : "calm")}");
}
