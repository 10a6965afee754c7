using System.Globalization;
using System.Text.Json.Nodes;

namespace Sidestep.Cli.Tests;

public sealed class LayeredSpecTests : IDisposable
{
    private const string Perceptron = """{ "kind": "perceptron", "hidden": [9], "l2": 0.001 }""";
    private const string Convolutional = """
        { "kind": "network", "input": { "height": 8, "width": 8, "channels": 1 }, "layers": [
            { "kind": "convolution", "channels": 4, "kernel": 3, "padding": 1 }, { "kind": "relu" }, { "kind": "max-pooling", "size": 2 }, { "kind": "flatten" }, { "kind": "dense" } ] }
        """;

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("softmax", """{ "name": "pair-lines", "workers": 6, "messages": "layers" }""", "code.messages is layers, but the objective has no layers", "perceptron or network")]
    [InlineData("softmax", """{ "name": "pair-lines", "workers": 6, "cut": "columns" }""", "code.cut is columns, but the objective has no layers", "perceptron or network")]
    [InlineData("perceptron", """{ "name": "uncoded", "workers": 6, "messages": "layers" }""", "code.messages is layers, but code uncoded sends whole gradients", "pair-lines")]
    [InlineData("perceptron", """{ "name": "pair-lines", "workers": 20, "cut": "both" }""", "5 blocks are no product of two numbers above 1", "nearest are 4 and 6 blocks, or cut rows")]
    [InlineData("perceptron", """{ "name": "pair-lines", "workers": 6, "cut": "both" }""", "3 blocks are no product of two numbers above 1", "nearest are 4 blocks, or cut rows")]
    [InlineData("perceptron", """{ "name": "pair-lines", "workers": 6, "messages": "layer" }""", "code.messages is 'layer'", "the nearest is 'layers'")]
    [InlineData("perceptron", """{ "name": "pair-lines", "workers": 6, "cut": "row" }""", "code.cut is 'row'", "the nearest is 'rows'")]
    public void What_cannot_be_cut_or_sent_so_is_refused_with_the_nearest_choice(string objective, string code, string problem, string instead)
    {
        var spec = Spec(objective == "softmax" ? """{ "kind": "softmax" }""" : Perceptron, code);
        Assert.Equal(78, _bench.Run("run", spec, "--out", _bench.In("refused")));
        Assert.Contains(problem, _bench.Errors, StringComparison.Ordinal);
        Assert.Contains(instead, _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_in_compressors_is_refused_and_joint_messages_suit_any_objective()
    {
        var spec = Spec(Perceptron, """{ "name": "pair-lines", "workers": 6, "messages": "layers" }""");
        Assert.Equal(78, _bench.Run("run", spec, "--out", _bench.In("refused"), "--set", "compress=feedback(top-k(0.1))"));
        Assert.Contains("remembers what it did not send", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("run", spec, "--fabric", "sim", "--out", _bench.In("lossy"), "--set", "compress=top-k(0.1)"));
        Assert.Equal(0, _bench.Run("run", "--fabric", "sim", "--out", _bench.In("joint"), Spec("""{ "kind": "softmax" }""", """{ "name": "pair-lines", "workers": 6, "messages": "joint" }""")));
    }

    [Theory]
    [InlineData(Perceptron, "rows")]
    [InlineData(Convolutional, "columns")]
    public void Axes_layer_by_layer_give_the_same_bytes_on_every_fabric(string objective, string cut)
    {
        var spec = Spec(objective, $$"""{ "name": "axes", "workers": 4, "blocks": 4, "messages": "layers", "cut": "{{cut}}" }""");
        string[] hashes = [.. new[] { "sim", "threads", "tcp" }.Select(fabric => (string)Run(spec, fabric)["trajectoryHash"]!)];
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void Pair_lines_layer_by_layer_agree_with_joint_ones_and_with_uncoded_on_every_fabric()
    {
        var layers = Spec(Convolutional, """{ "name": "pair-lines", "workers": 6, "messages": "layers" }""", "layers.json");
        var both = Spec(Convolutional, """{ "name": "pair-lines", "workers": 12, "messages": "layers", "cut": "both" }""", "both.json");
        var joint = Spec(Convolutional, """{ "name": "pair-lines", "workers": 6 }""", "joint.json");
        var uncoded = Spec(Convolutional, """{ "name": "uncoded", "workers": 1 }""", "uncoded.json");
        var expected = (double)Run(uncoded, "sim")["loss"]!;
        foreach (var (spec, fabric) in ((string, string)[])[(layers, "sim"), (layers, "threads"), (layers, "tcp"), (both, "threads"), (joint, "threads")])
        {
            Assert.Equal(expected, (double)Run(spec, fabric)["loss"]!, 1e-4 * expected);
        }
    }

    [Fact]
    public void Adaptive_steps_over_projections_are_warned_of()
    {
        var spec = Spec(Perceptron, """{ "name": "pair-lines", "workers": 12, "blocks": 4, "stragglers": 8, "messages": "layers" }""");
        Assert.Equal(0, _bench.Run("run", spec, "--fabric", "sim", "--out", _bench.In("adam"), "--set", """optimizer={"name":"adam","rate":0.001}"""));
        Assert.Contains("warning: rounds of code pair-lines may end as projections", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("run", spec, "--fabric", "sim", "--out", _bench.In("sgd")));
        Assert.DoesNotContain("warning", _bench.Errors, StringComparison.Ordinal);
    }

    private JsonNode Run(string spec, string fabric)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(spec)}-{fabric}");
        Assert.True(_bench.Run("run", spec, "--fabric", fabric, "--out", _bench.In(name), "--json") == 0, _bench.Errors);
        return JsonNode.Parse(_bench.Output)!;
    }

    private string Spec(string objective, string code, string name = "spec.json") => _bench.Write(name, $$"""
        {
          "version": 1,
          "data": { "kind": "digit-pictures", "count": 300, "testCount": 50, "side": 8 },
          "objective": {{objective}},
          "code": {{code}},
          "optimizer": { "name": "sgd", "rate": 0.1 },
          "samples": 24,
          "rounds": 12,
          "hashEvery": 4,
          "kernels": "managed"
        }
        """);
}
