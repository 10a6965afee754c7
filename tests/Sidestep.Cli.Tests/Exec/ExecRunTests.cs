using System.Text.Json.Nodes;
using Sidestep.Hosting;
using Sidestep.Training.Tests.External;
using Xunit.Abstractions;

namespace Sidestep.Cli.Tests.Exec;

/// <summary>Runs whose gradients another program computes, on every fabric, with programs that fail.</summary>
public sealed class ExecRunTests(ITestOutputHelper output) : IDisposable
{
    // MODE is an argument; files in its folder are fuses.
    private const string Child = """
        import os, random
        import sidestep_exec

        mode = sys.argv[1]

        class Pull:
            name = "pull"

            def tensors(self, features, classes):
                return [("centre", [features])]

            def gradient(self, rows, parameters, gradient):
                if mode == "once" and rows.round >= 4 and os.path.exists("fuse"):
                    try:
                        os.remove("fuse")
                    except FileNotFoundError:
                        pass
                    else:
                        sys.exit("blown fuse")
                if mode == "broken" and rows.round >= 3 and rows.partition == 0 and os.path.exists("broken"):
                    sys.stderr.write("tensor core melted\n")
                    sys.stderr.flush()
                    os._exit(9)
                if mode == "nan" and rows.round == 3 and rows.partition == 0:
                    return float("nan")
                if mode == "noise":
                    gradient[0] += random.random()
                loss = 0.0
                for x, _ in rows:
                    for j, value in enumerate(x):
                        gradient[j] += parameters[j] - value
                        loss += (parameters[j] - value) ** 2 / 2
                return loss

            def evaluate(self, rows, parameters):
                return {"loss": (1.0, 1)}

        if mode == "start":
            sys.exit("the licence has expired")
        if mode == "greet":
            print("hello", flush=True)
        if mode == "sleep":
            import time
            time.sleep(100)
        sidestep_exec.serve(Pull())
        """;

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("sim")]
    [InlineData("threads")]
    [InlineData("tcp")]
    public void Child_that_dies_in_a_round_is_a_death_and_changes_no_byte(string fabric)
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        // Nobody can be missed: the run waits for the slot to come back.
        const string Uncoded = """{ "name": "uncoded", "workers": 3 }""";
        var calm = Run("calm", Spec("calm", Uncoded));
        _bench.Write("fuse", string.Empty);
        var stormy = Run("stormy", Spec("once", Uncoded), "--fabric", fabric);
        Assert.False(File.Exists(_bench.In("fuse")));
        Assert.Equal((string)calm["trajectoryHash"]!, (string)stormy["trajectoryHash"]!);
        Assert.Equal("E0", (string)stormy["exactness"]!);
        Assert.Null(calm["faults"]);
        var fault = Assert.Single(stormy["faults"]!.AsArray())!;
        Assert.Equal(1, (long)fault["count"]!);
        Assert.Contains("blown fuse", (string)fault["last"]!, StringComparison.Ordinal);
        Assert.Equal(1, (long)stormy["workers"]![(int)fault["slot"]!]!["deaths"]!);
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("threads")]
    [InlineData("tcp")]
    public void Child_that_keeps_failing_ends_the_run_with_72_and_a_state_to_go_on_from(string fabric)
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        var spec = Spec("broken", """{ "name": "uncoded", "workers": 2 }""");
        _bench.Write("broken", string.Empty);
        Assert.Equal(72, _bench.Run("run", spec, "--out", _bench.In("run"), "--fabric", fabric));
        Assert.Contains("objective-failed", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("the objective of slot 0 failed 5 times in a row", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("tensor core melted", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("(round 3, partition 0)", _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(RunResult.ObjectiveFailed, RunResult.Load(_bench.In("run/result.json")).Status);

        File.Delete(_bench.In("broken"));
        Assert.Equal(0, _bench.Run("run", spec, "--out", _bench.In("run"), "--resume", "--json"));
        var whole = Run("whole", spec);
        Assert.Equal((string)whole["trajectoryHash"]!, (string)JsonNode.Parse(_bench.Output)!["trajectoryHash"]!);
    }

    [Fact]
    public void Child_that_keeps_failing_where_the_code_can_miss_it_does_not_end_the_run()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        _bench.Write("broken", string.Empty);
        var result = Run("run", Spec("broken", """{ "name": "drop-slowest", "workers": 3, "stragglers": 1 }"""), "--fabric", "sim");
        Assert.Equal("finished", (string)result["status"]!);
        Assert.True(File.Exists(_bench.In("broken")));
    }

    [Theory]
    [InlineData("start", 72, "the licence has expired")]
    [InlineData("greet", 72, "wrong stream")]
    [InlineData("sleep", 72, "did not answer within 0.5 s")]
    [InlineData("nan", 65, "round 3")]
    public void Bad_child_ends_the_run_with_a_sentence(string mode, int code, string expected)
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        var spec = Spec(mode, timeout: mode == "sleep" ? "0.5s" : "60s");
        Assert.Equal(code, _bench.Run("run", spec, "--out", _bench.In("run")));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_of_a_program_that_does_not_repeat_itself_is_not_called_exact()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        Assert.Equal("E2", (string)Run("a", Spec("noise"))["exactness"]!);
        Assert.Contains("warning: the objective's program does not answer equal questions", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal("E0", (string)Run("b", Spec("noise"), "--set", "objective.deterministic=yes")["exactness"]!);
        Assert.Equal("E2", (string)Run("c", Spec("calm"), "--set", "objective.deterministic=no")["exactness"]!);
    }

    [Theory]
    [InlineData("objective={\"exec\":[\"pyhton3\",\"child.py\"]}", "there is no program 'pyhton3' in PATH")]
    [InlineData("objective={\"exec\":[\"./nothing\"]}", "there is no program ")]
    [InlineData("objective={\"exec\":[]}", "objective.command has 0 entries")]
    [InlineData("objective={\"exec\":\"python3 child.py\"}", "objective.command is 'python3 child.py'; it must be a list")]
    [InlineData("objective={\"exec\":[\"python3\"],\"kind\":\"softmax\"}", "objective.exec is not a known key")]
    [InlineData("objective.timeout=soon", "objective.timeout: 'soon' is not a duration")]
    [InlineData("objective.timeout=0s", "needs some time")]
    [InlineData("objective.deterministic=maybe", "objective.deterministic is 'maybe'")]
    public void Bad_spec_of_a_program_is_refused_with_78(string assignment, string expected)
    {
        Assert.Equal(78, _bench.Run("run", Spec("calm"), "--out", _bench.In("x"), "--set", assignment));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_form_is_the_long_form_and_keeps_line_numbers()
    {
        var path = Spec("calm");
        var text = File.ReadAllText(path);
        var spec = SpecFile.Load(path);
        Assert.Equal(3, Assert.IsType<ExecSpec>(spec.Spec.Objective).Command.Length);
        var longForm = text.Replace("\"exec\":", "\"kind\": \"exec\", \"command\":", StringComparison.Ordinal);
        Assert.Equal(spec.Hash, SpecFile.Load(_bench.Write("long.json", longForm)).Hash);
        var bad = _bench.Write("bad.json", text.Replace("\"rounds\": 12", "\"rounds\": 0", StringComparison.Ordinal));
        Assert.Contains("line 9: rounds is 0", Assert.Throws<ConfigurationException>(() => SpecFile.Load(bad)).Message, StringComparison.Ordinal);
    }

    private string Spec(string mode, string code = """{ "name": "fractional-repetition", "workers": 4, "stragglers": 1 }""", string timeout = "60s")
    {
        var command = Python.Script(_bench.Folder, Child);
        return _bench.Write($"{mode}.json", $$"""
            {
              "version": 1,
              "data": { "kind": "gaussian-mixture", "count": 200, "features": 6, "classes": 3, "testCount": 50 },
              "objective": { "exec": ["{{command.Words[0]}}", "child.py", "{{mode}}"], "timeout": "{{timeout}}" },
              "code": {{code}},
              "optimizer": { "name": "sgd", "rate": 0.2 },
              "samples": 40,
              "hashEvery": 4,
              "rounds": 12,
              "kernels": "managed"
            }
            """);
    }

    private JsonObject Run(string folder, string spec, params string[] more)
    {
        var code = _bench.Run(["run", spec, "--out", _bench.In(folder), "--json", .. more]);
        Assert.True(code == 0, $"{code}: {_bench.Errors}");
        return JsonNode.Parse(_bench.Output)!.AsObject();
    }
}
