using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Run_writes_every_documented_field_and_one_row_per_round()
    {
        var result = Run("a");
        string[] keys =
        [
            "status", "exactness", "fabric", "seed", "rounds", "loss", "accuracy", "trajectoryHash", "seconds", "roundSeconds", "bytes",
            "compute", "wait", "decode", "workers", "spec", "numericClass", "emulated",
        ];
        Assert.All(keys, key => Assert.NotNull(result[key]));
        Assert.Equal("finished", (string)result["status"]!);
        Assert.Equal("E0", (string)result["exactness"]!);
        Assert.Equal(4, result["workers"]!.AsArray().Count);
        Assert.All(["id", "shares", "late", "deaths", "computeSeconds", "costSeconds"], key => Assert.NotNull(result["workers"]![0]![key]));
        Assert.All(["p50", "p99", "mean"], key => Assert.NotNull(result["roundSeconds"]![key]));
        Assert.InRange((double)result["accuracy"]!, 0.5, 1);
        Assert.Equal(31, File.ReadAllLines(_bench.In("a/metrics.csv")).Length);
        Assert.All(File.ReadAllLines(_bench.In("a/events.jsonl")), line => Assert.NotNull(JsonNode.Parse(line)!["phase"]));
        Assert.Equal(SpecFile.Load(_bench.Spec()).Json, File.ReadAllText(_bench.In("a/spec.json")));
    }

    [Theory]
    [InlineData("threads", "--kill", "2@10")]
    [InlineData("threads", "--slow", "1:5ms")]
    [InlineData("threads", "--link", "1ms,1:either(1ms,3ms,0.5)")]
    [InlineData("sim", "--link", "5ms")]
    [InlineData("sim", "--kill", "0@3,3@20")]
    [InlineData("sim", "--slow", "0:pareto(5ms,1.1)")]
    public void Weather_and_fabric_do_not_change_a_byte_of_an_exact_run(string fabric, string flag, string weather)
    {
        var calm = Run("calm");
        var stormy = Run("stormy", "--fabric", fabric, flag, weather);
        Assert.Equal((string)calm["trajectoryHash"]!, (string)stormy["trajectoryHash"]!);
        Assert.Equal((double)calm["accuracy"]!, (double)stormy["accuracy"]!);
    }

    [Fact]
    public void Simulated_runs_repeat_to_the_trace()
    {
        var first = Run("a", "--fabric", "sim", "--slow", "0:exp(1ms,5ms)");
        var second = Run("b", "--fabric", "sim", "--slow", "0:exp(1ms,5ms)");
        Assert.Equal((string)first["traceHash"]!, (string)second["traceHash"]!);
        Assert.True((bool)first["emulated"]!);
    }

    [Fact]
    public async Task Drained_run_ends_resumable_and_goes_on_to_the_same_bytes()
    {
        var whole = Run("whole");
        using var drain = new CancellationTokenSource();
        RunResult part;
        using (var folder = RunFolder.Open(_bench.In("part"), FolderMode.Fresh))
        {
            part = await RunExecutor.RunAsync(new RunRequest
            {
                Spec = SpecFile.Load(_bench.Spec()),
                Folder = folder,
                Drain = drain.Token,
                Listener = happened =>
                {
                    if (happened is { Phase: Phase.Round, Round: 12 })
                    {
                        drain.Cancel();
                    }
                },
            });
        }

        Assert.Equal(75, part.ExitCode);
        Assert.InRange(part.Rounds, 13, 29);
        Assert.Equal(0, _bench.Run("run", _bench.Spec(), "--out", _bench.In("part"), "--resume", "--json"));
        var resumed = JsonNode.Parse(_bench.Output)!;
        Assert.Equal(part.Rounds, (long)resumed["resumedFrom"]!);
        Assert.Equal((string)whole["trajectoryHash"]!, (string)resumed["trajectoryHash"]!);
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("part"), "--resume", "--set", "seed=2"));
        Assert.Contains("seed is 2", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Quorum_lost_ends_with_69_and_names_the_slots()
    {
        var spec = _bench.Spec("few.json", """{ "name": "uncoded", "workers": 3 }""");
        Assert.Equal(69, _bench.Run(
            "run", spec, "--out", _bench.In("q"), "--fabric", "sim", "--kill", "1@5", "--set", "respawn=never", "--set", "quorumTimeout=2s"));
        Assert.Contains("quorum-lost", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("1", _bench.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(_bench.In("q/state")));
        Assert.Equal("quorum-lost", (string)JsonNode.Parse(File.ReadAllText(_bench.In("q/result.json")))!["status"]!);
    }

    [Fact]
    public void Diverged_run_ends_with_65_and_names_the_round()
    {
        Assert.Equal(65, _bench.Run("run", _bench.Spec(), "--out", _bench.In("d"), "--set", "optimizer.rate=1000000", "--set", "objective.l2=1000000"));
        Assert.Contains("diverged: round", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal("diverged", RunResult.Load(_bench.In("d/result.json")).Status);
    }

    [Fact]
    public void Folder_with_a_run_is_refused_unless_forced()
    {
        Run("a");
        Assert.Equal(73, _bench.Run("run", _bench.Spec(), "--out", _bench.In("a")));
        Assert.Contains("--force", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("run", _bench.Spec(), "--out", _bench.In("a"), "--force"));
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("empty"), "--resume"));
        Assert.Equal(73, _bench.Run("run", _bench.Spec(), "--out", _bench.Write("file", "x")));
        using var held = RunFolder.Open(_bench.In("held"), FolderMode.Fresh);
        Assert.Equal(73, _bench.Run("run", _bench.Spec(), "--out", _bench.In("held")));
        Assert.Contains("in use by another run", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsound_plan_lists_every_reason_at_once()
    {
        Assert.Equal(78, _bench.Run(
            "run", _bench.Spec(), "--out", _bench.In("x"), "--set", "code.stragglers=7", "--set", "compress=topk", "--set", "mixer=rings", "--slow", "9:1ms",
            "--set", "quorumTimeout=soon"));
        Assert.All(["code:", "compress:", "mixer:", "slow:", "quorumTimeout:"], part => Assert.Contains($"  - {part}", _bench.Errors, StringComparison.Ordinal));

        var spec = _bench.Spec("cyclic.json", """{ "name": "cyclic-repetition", "workers": 5, "stragglers": 2 }""");
        Assert.Equal(78, _bench.Run(
            "run", spec, "--out", _bench.In("x"), "--set", "compress=feedback(top-k(0.1))", "--set", "mixer=ring-all-reduce"));
        Assert.Contains("weighs a share differently", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("does not mix", _bench.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.In("x/result.json")));
    }

    [Theory]
    [InlineData("code.maxAmplification=1", "code: ")]
    [InlineData("strategy.steps=3", "no parameter 'steps'")]
    [InlineData("objective={\"kind\":\"logistic\"}", "2 classes")]
    [InlineData("samples=100000", "100000")]
    [InlineData("compute=emulated", "emulated(20ms)")]
    [InlineData("respawn=soon", "not a duration")]
    [InlineData("link=99:5ms", "slot 99")]
    [InlineData("link=soon", "link: ")]
    [InlineData("strategy.name=code-descent", "'coded-descent'")]
    public void Bad_plan_is_refused_with_78(string assignment, string expected)
    {
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("x"), "--set", assignment));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fabric_is_refused_with_78()
    {
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("x"), "--fabric", "thread"));
        Assert.Contains("'threads'", _bench.Errors, StringComparison.Ordinal);
    }

    private JsonObject Run(string folder, params string[] more)
    {
        var code = _bench.Run(["run", _bench.Spec(), "--out", _bench.In(folder), "--json", .. more]);
        Assert.True(code == 0, _bench.Errors);
        var result = JsonNode.Parse(_bench.Output)!.AsObject();
        Assert.Equal(File.ReadAllText(_bench.In($"{folder}/result.json")).Trim(), _bench.Output.Trim());
        return result;
    }
}
