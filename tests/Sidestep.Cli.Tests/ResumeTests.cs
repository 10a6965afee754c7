using System.Diagnostics;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>An interrupted run goes on to the same bytes: trajectory, early end, lowered rate, best and last model.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Early =
    [
        "--set", "validation.fraction=0.2", "--set", "evaluateEvery=5", "--set", "hashEvery=5", "--set", "checkpointEvery=7", "--set", "rounds=500",
        "--set", "stop.patience=6", "--set", "stop.minDelta=0.0005",
        "--set", """optimizer={"name":"momentum","rate":0.01,"schedule":{"name":"plateau","factor":0.5,"patience":2}}""",
    ];

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(34)]
    [InlineData(121)]
    public async Task Drained_run_goes_on_to_the_same_bytes(int round)
    {
        var whole = Run("whole", Early);
        Assert.InRange((long)whole["rounds"]!, round + 5, 499);
        using var drain = new CancellationTokenSource();
        using (var folder = RunFolder.Open(_bench.In("part"), FolderMode.Fresh))
        {
            var part = await RunExecutor.RunAsync(new RunRequest
            {
                Spec = SpecFile.Load(_bench.Spec(), [.. Early.Where((_, i) => i % 2 == 1)]),
                Folder = folder,
                Fabric = "sim",
                Drain = drain.Token,
                Listener = happened =>
                {
                    if (happened.Phase == Phase.Round && happened.Round == round)
                    {
                        drain.Cancel();
                    }
                },
            });
            Assert.Equal("preempted", part.Status);
        }

        Same(whole, Run("part", [.. Early, "--resume"]));
    }

    [Fact]
    public async Task Killed_coordinator_goes_on_to_the_same_bytes_from_its_last_snapshot()
    {
        var whole = Run("whole", Early);
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CliApp).Assembly.Location, "run", _bench.Spec(), "--out", _bench.In("part"), "--fabric", "tcp", .. Early, "--set", "compute=emulated(50ms)"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using (var process = Process.Start(start)!)
        {
            for (var waited = 0; waited < 2400 && !File.Exists(_bench.In("part/state")) && !process.HasExited; waited++)
            {
                await Task.Delay(50);
            }

            process.Kill();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }

        Assert.True(File.Exists(_bench.In("part/state")));
        Assert.False(File.Exists(_bench.In("part/result.json")), "the run ended before it was killed");
        var rest = Run("part", [.. Early, "--resume"]);
        Assert.InRange((long)rest["resumedFrom"]!, 7, (long)whole["rounds"]! - 1);
        Same(whole, rest);
    }

    [Fact]
    public void Finished_run_goes_on_with_more_rounds_and_one_that_stopped_early_stays_stopped()
    {
        string[] calm = ["--set", "validation.fraction=0.2", "--set", "evaluateEvery=10"];
        var longer = Run("longer", [.. calm, "--set", "rounds=45"]);
        Run("short", calm);
        var grown = Run("short", [.. calm, "--set", "rounds=45", "--resume"]);
        Assert.Equal(30, (long)grown["resumedFrom"]!);
        Same(longer, grown, sameSpec: false);

        var early = Run("early", Early);
        var again = Run("early", [.. Early, "--resume"]);
        Assert.Equal((string)early["reason"]!, (string)again["reason"]!);
        Assert.Equal((long)early["rounds"]!, (long)again["rounds"]!);
        Assert.True((long)Run("early", [.. Early, "--resume", "--set", "stop.patience=12"])["rounds"]! > (long)early["rounds"]!);
    }

    private void Same(JsonObject whole, JsonObject rest, bool sameSpec = true)
    {
        foreach (var key in (string[])["status", "reason", "rounds", "trajectoryHash", "metrics", "best", "loss", "accuracy", "trainLoss"])
        {
            Assert.Equal(whole[key]!.ToJsonString(), rest[key]!.ToJsonString());
        }

        var (left, right) = (sameSpec ? "whole" : "longer", sameSpec ? "part" : "short");
        foreach (var model in (string[])["best.safetensors", "last.safetensors"])
        {
            Assert.Equal(Bytes(left, model), Bytes(right, model));
        }
    }

    private byte[] Bytes(string folder, string model) => File.ReadAllBytes(_bench.In($"{folder}/{model}"));

    private JsonObject Run(string folder, params string[] more)
    {
        var code = _bench.Run(["run", _bench.Spec(), "--out", _bench.In(folder), "--fabric", "sim", "--json", .. more]);
        Assert.True(code == 0, _bench.Errors);
        return JsonNode.Parse(_bench.Output)!.AsObject();
    }
}
