using System.Text.Json.Nodes;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli.Tests;

/// <summary>Validation, early stopping, clipping and saved models, through the command.</summary>
public sealed class TrainingTests : IDisposable
{
    private const string Held = "validation={\"fraction\":0.2,\"seed\":7}";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Metrics_of_both_sets_reach_every_file_by_their_names()
    {
        var result = Run("a", "--set", Held, "--set", "evaluateEvery=10", "--set", "clip.norm=0.01");
        foreach (var set in (string[])["validation", "test"])
        {
            Assert.InRange((double)result["metrics"]![set]!["accuracy"]!, 0.3, 1);
            Assert.True((double)result["metrics"]![set]!["loss"]! > 0);
        }

        Assert.Equal((double)result["metrics"]!["test"]!["loss"]!, (double)result["loss"]!);
        Assert.Equal("validation.loss", (string)result["best"]!["metric"]!);
        Assert.Equal(30, (long)result["clippedRounds"]!);
        var lines = File.ReadAllLines(_bench.In("a/metrics.csv"));
        Assert.EndsWith(",lost,validation.loss,validation.accuracy,test.loss,test.accuracy", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",,,,", lines[9], StringComparison.Ordinal);
        Assert.Equal((double)result["metrics"]!["validation"]!["loss"]!, Field(lines[30], 3));
        Assert.Equal((double)result["metrics"]!["test"]!["accuracy"]!, Field(lines[30], 0));
        var events = File.ReadAllLines(_bench.In("a/events.jsonl")).Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal([10, 20, 30], events.Where(e => (string?)e["name"] == "validation.accuracy").Select(e => (long)e["round"]!));
        Assert.All(["evaluate", "metric", "best", "clip"], phase => Assert.Contains(events, e => (string)e["phase"]! == phase));

        static double Field(string line, int fromEnd) =>
            double.Parse(line.Split(',')[^(fromEnd + 1)], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Regression_is_measured_by_its_own_metrics()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{(2 * (i % 7)) - (i % 5) + 1}"));
        var spec = _bench.Write("spec.json", $$"""
            {
              "version": 1,
              "data": { "kind": "csv", "file": {{JsonValue.Create(_bench.Write("rows.csv", rows)).ToJsonString()}}, "classes": 0 },
              "objective": { "kind": "least-squares" },
              "code": { "name": "uncoded", "workers": 3 },
              "optimizer": { "name": "sgd", "rate": 0.02 },
              "validation": { "fraction": 0.25 },
              "stop": { "metric": "validation.r2", "target": 0.99 },
              "evaluateEvery": 10,
              "rounds": 5000
            }
            """);
        var result = Go(spec, "r");
        Assert.Equal(["loss", "mse", "rmse", "r2"], result["metrics"]!["validation"]!.AsObject().Select(p => p.Key));
        Assert.InRange((double)result["best"]!["value"]!, 0.99, 1);
        Assert.InRange((long)result["rounds"]!, 10, 4990);
        Assert.StartsWith("target reached after round", (string)result["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Weather_and_fabric_do_not_change_when_an_exact_run_stops_nor_a_byte_of_its_models()
    {
        string[] early = ["--set", Held, "--set", "evaluateEvery=5", "--set", "stop.patience=3", "--set", "rounds=500", "--set", "stop.minDelta=0.001", "--set", "hashEvery=5"];
        var calm = Run("calm", early);
        Assert.StartsWith("stopped early after round", (string)calm["reason"]!, StringComparison.Ordinal);
        Assert.Equal((long)calm["best"]!["round"]! + 15, (long)calm["rounds"]!);
        foreach (var (name, more) in new (string, string[])[] { ("sim", ["--fabric", "sim", "--kill", "0@3,3@20"]), ("threads", ["--slow", "1:3ms"]) })
        {
            var stormy = Run(name, [.. early, .. more]);
            Assert.Equal((string)calm["reason"]!, (string)stormy["reason"]!);
            Assert.Equal((string)calm["trajectoryHash"]!, (string)stormy["trajectoryHash"]!);
            Assert.Equal(Model("calm/best").Parameters.ToArray(), Model($"{name}/best").Parameters.ToArray());
            Assert.Equal(Model("calm/last").Parameters.ToArray(), Model($"{name}/last").Parameters.ToArray());
        }
    }

    [Fact]
    public void Validation_data_of_its_own_are_measured_and_held_out_rows_are_not_trained_on()
    {
        var own = Run("own", "--set", """validation={"data":{"kind":"gaussian-mixture","count":40,"features":6,"classes":3,"seed":2}}""");
        Assert.NotNull(own["metrics"]!["validation"]);
        var whole = Run("whole");
        Assert.Null(whole["metrics"]!["validation"]);
        Assert.Equal((string)whole["trajectoryHash"]!, (string)own["trajectoryHash"]!);
        Assert.NotEqual((string)whole["trajectoryHash"]!, (string)Run("held", "--set", Held)["trajectoryHash"]!);
    }

    [Fact]
    public void Models_are_shown_exported_measured_and_trained_on()
    {
        string[] early = ["--set", Held, "--set", "evaluateEvery=10"];
        var result = Run("a", early);
        Assert.Equal(0, _bench.Run("model", "show", _bench.In("a/best.safetensors"), "--json"));
        var shown = JsonNode.Parse(_bench.Output)!;
        Assert.Equal(["layer0.weight", "layer0.bias"], shown["tensors"]!.AsArray().Select(t => (string)t!["name"]!));
        Assert.Equal([3, 6], shown["tensors"]![0]!["dimensions"]!.AsArray().Select(d => (int)d!));
        Assert.Equal((string)result["specHash"]!, (string)shown["metadata"]!["specHash"]!);
        Assert.Equal($"{(long)result["best"]!["round"]!}", (string)shown["metadata"]!["round"]!);

        Assert.Equal(0, _bench.Run("export", _bench.In("a"), "--out", _bench.In("x.safetensors")));
        Assert.Equal(File.ReadAllBytes(_bench.In("a/last.safetensors")), File.ReadAllBytes(_bench.In("x.safetensors")));
        Assert.Equal(73, _bench.Run("export", _bench.In("a/state"), "--out", _bench.In("x.safetensors")));
        Assert.Equal(0, _bench.Run("export", _bench.In("a/state"), "--out", _bench.In("x.safetensors"), "--force"));

        Assert.Equal(0, _bench.Run(["evaluate", _bench.In("a/best.safetensors"), _bench.Spec(), "--json", .. early[..2]]));
        var measured = JsonNode.Parse(_bench.Output)!["metrics"]!;
        Assert.Equal((double)result["best"]!["value"]!, (double)measured["validation"]!["loss"]!);
        Assert.NotNull(measured["test"]!["accuracy"]);

        var on = Run("b", "--set", $"initial={_bench.In("a/last.safetensors")}", "--set", "rounds=1");
        Assert.True((double)on["trainLoss"]! < 0.9, $"{on["trainLoss"]}");
    }

    [Theory]
    [InlineData("hidden", "tensor layer0.weight has another shape: expected 8×6, found 3×6")]
    [InlineData("missing", "cannot be read")]
    [InlineData("damaged", "E_SAFETENSORS")]
    public void Start_from_a_model_that_does_not_fit_is_refused(string how, string expected)
    {
        Run("a");
        if (how == "damaged")
        {
            File.WriteAllBytes(_bench.In("bad"), File.ReadAllBytes(_bench.In("a/last.safetensors"))[..^1]);
        }

        var file = how switch { "hidden" => "a/last.safetensors", "missing" => "none", _ => "bad" };
        string[] more = how == "hidden" ? ["--set", """objective={"kind":"perceptron","hidden":[8]}"""] : [];
        Assert.Equal(how == "hidden" ? 78 : 65, _bench.Run(["run", _bench.Spec(), "--out", _bench.In("b"), "--set", $"initial={_bench.In(file)}", .. more]));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validation.fraction=0.001", "holds out 0")]
    [InlineData("validation.fraction=0.999", "leaves 0")]
    [InlineData("validation.fraction=0.99", "leaves 2 of 200 rows for 4 partitions; hold out at most 0.98")]
    [InlineData("validation.fraction=1.5", "from 0 to 1")]
    [InlineData("validation.seed=3", "needs either fraction")]
    [InlineData("validation={\"fraction\":0.1,\"data\":{\"kind\":\"digit-pictures\",\"count\":10}}", "needs either fraction")]
    [InlineData("validation={\"data\":{\"kind\":\"digit-pictures\",\"count\":10}}", "784 features")]
    [InlineData("validation={\"data\":{\"kind\":\"gaussian-mixture\",\"count\":10,\"features\":6,\"classes\":3,\"testCount\":5}}", "leave it out")]
    [InlineData("stop.metric=test.acuracy", "the nearest is 'test.accuracy'")]
    [InlineData("stop.metric=validation.loss", "which is not measured; choices: test.loss, test.accuracy")]
    [InlineData("stop.patience=3", "evaluateEvery is 0")]
    [InlineData("stop.target=0.1", "evaluateEvery is 0")]
    [InlineData("stop.mode=least", "choices: auto, min, max")]
    [InlineData("clip={}", "clip has neither")]
    [InlineData("clip.norm=0", "clip.norm is 0")]
    [InlineData("optimizer.schedule={\"name\":\"plateau\"}", "evaluateEvery")]
    [InlineData("optimizer.schedule={\"name\":\"one-cyle\"}", "'one-cycle'")]
    [InlineData("optimizer={\"name\":\"sgd\",\"rate\":1,\"warmUp\":5,\"schedule\":{\"name\":\"one-cycle\"}}", "rises by itself")]
    public void Bad_plan_is_refused_with_78(string assignment, string expected)
    {
        var code = _bench.Run("run", _bench.Spec(), "--out", _bench.In("x"), "--set", assignment);
        Assert.True(code == 78 || (code == 65 && expected.StartsWith("784", StringComparison.Ordinal)), $"{code}: {_bench.Errors}");
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_without_anything_to_measure_is_refused()
    {
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("x"), "--set", "data.testCount=0", "--set", "stop.patience=3"));
        Assert.Contains("nothing is evaluated", _bench.Errors, StringComparison.Ordinal);
        Run("a");
        Assert.Equal(78, _bench.Run("evaluate", _bench.In("a/last.safetensors"), _bench.Spec(), "--set", "data.testCount=0"));
        Assert.Contains("neither a validation set nor a test set", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_on_models_refuse_what_is_none()
    {
        var text = _bench.Write("text", "hello, this is no model");
        Assert.Equal(65, _bench.Run("model", "show", text));
        Assert.Equal(65, _bench.Run("model", "show", _bench.In("none")));
        Assert.Equal(65, _bench.Run("evaluate", text, _bench.Spec()));
        Assert.Equal(65, _bench.Run("export", text, "--out", _bench.In("y")));
        Assert.Equal(78, _bench.Run("export", _bench.In("none"), "--out", _bench.In("y")));
        Assert.Equal(78, _bench.Run("export", _bench.Folder, "--out", _bench.In("y")));
        Assert.Contains("no file 'state'", _bench.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.In("y")));
    }

    private ExportedModel Model(string name) => SafetensorsFile.Read(_bench.In($"{name}.safetensors"));

    private JsonObject Run(string folder, params string[] more) => Go(_bench.Spec(), folder, more);

    private JsonObject Go(string spec, string folder, params string[] more)
    {
        var code = _bench.Run(["run", spec, "--out", _bench.In(folder), "--json", .. more]);
        Assert.True(code == 0, _bench.Errors);
        return JsonNode.Parse(_bench.Output)!.AsObject();
    }
}
