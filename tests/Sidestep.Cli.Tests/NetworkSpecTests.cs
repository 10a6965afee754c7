using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

public sealed class NetworkSpecTests : IDisposable
{
    private const string Convolutional = """
        {
          "kind": "network",
          "input": { "height": 8, "width": 8 },
          "layers": [
            { "kind": "convolution", "channels": 6, "kernel": 3, "padding": 1 },
            { "kind": "relu" },
            { "kind": "max-pooling", "size": 2 },
            { "kind": "flatten" },
            { "kind": "dense", "outputs": 16 },
            { "kind": "tanh" },
            { "kind": "dense" }
          ],
          "l2": 0.0001
        }
        """;

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Network_is_written_out_with_its_defaults_and_read_back_equal()
    {
        var spec = SpecFile.Load(Spec(Convolutional));
        var network = Assert.IsType<NetworkSpec>(spec.Spec.Objective);
        Assert.Equal(new ConvolutionSpec(6, 3, 1, 1, "auto"), network.Layers[0]);
        Assert.Equal(new InputSpec(8, 8, 1, "planes"), network.Input);
        Assert.Equal(spec.Hash, SpecFile.Load(_bench.Write("again.json", spec.Json)).Hash);
    }

    [Fact]
    public void Check_shows_layers_parameters_and_cost_and_finds_the_gradient_sound()
    {
        var path = Spec(Convolutional);
        Assert.Equal(0, _bench.Run("check", path, "--samples", "8"));
        Assert.Contains("    0  convolution  8 × 8 × 6           60          3,456", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("    2  max-pooling  4 × 4 × 6            0              0", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("5,152 multiply-adds per sample forward, 480,000 per round of 40 forward and backward", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("network: 1782 parameters", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("ok    layer4.weight", _bench.Output, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("check", path, "--samples", "8", "--json"));
        var table = JsonNode.Parse(_bench.Output)!["network"]!;
        Assert.Equal(7, table["layers"]!.AsArray().Count);
        Assert.Equal(5152, (long)table["multiplyAdds"]!);
    }

    [Fact]
    public void Training_lowers_the_loss_and_is_the_same_to_the_bit_on_another_fabric()
    {
        var path = Spec(Convolutional);
        Assert.Equal(0, _bench.Run("run", path, "--out", _bench.In("a"), "--json"));
        var first = JsonNode.Parse(_bench.Output)!;
        Assert.Equal(0, _bench.Run("run", path, "--out", _bench.In("b"), "--json", "--fabric", "sim"));
        Assert.Equal((string)first["trajectoryHash"]!, (string)JsonNode.Parse(_bench.Output)!["trajectoryHash"]!);
        Assert.InRange((double)first["metrics"]!["test"]!["loss"]!, 0, 1.8);
    }

    [Theory]
    [InlineData("\"max-pooling\"", "\"max-poling\"", "line 9: objective.layers[2].kind is 'max-poling'; the nearest is 'max-pooling'")]
    [InlineData("\"relu\"", "\"batch-norm\"", "objective.layers[1].kind is 'batch-norm'; it is not offered: with it the loss of a sample depends on its batch mates")]
    [InlineData("\"relu\"", "\"batch-norm\"", "use layer-norm")]
    [InlineData("\"padding\": 1", "\"paddin\": 1", "objective.layers[0].paddin is not a known key; the nearest is 'padding'")]
    [InlineData("\"kernel\": 3", "\"kernel\": 0", "objective.layers[0].kernel is 0; it must be from 1")]
    [InlineData("\"kernel\": 3, ", "", "objective.layers[0] needs the key 'kernel'")]
    [InlineData("\"outputs\": 16", "\"start\": \"hee\"", "objective.layers[4].start is 'hee'; the nearest is 'he'")]
    [InlineData("\"width\": 8", "\"order\": \"plane\"", "objective.input.order is 'plane'; the nearest is 'planes'")]
    [InlineData(", \"outputs\": 16", "", "objective.layers[4] (dense) needs the key 'outputs'; only the last dense layer's are the data's classes")]
    [InlineData("\"height\": 8", "\"height\": 9", "objective.input: 9 × 8 × 1 makes 72 values; the data have 64 features per sample")]
    [InlineData("\"kernel\": 3", "\"kernel\": 11", "layer 0 (convolution): a kernel of 11 × 11 does not fit on 8 × 8 × 1 with a padding of 1")]
    [InlineData("{ \"kind\": \"flatten\" },", "", "the last layer gives 4 × 4 × 10; the loss takes 1 × 1 × 10, one score per class; put a flatten layer before")]
    [InlineData("\"input\": { \"height\": 8, \"width\": 8 },", "", "layer 2 (max-pooling)")]
    public void Bad_network_is_refused_and_names_the_layer(string good, string bad, string expected)
    {
        Assert.Contains(good, Convolutional, StringComparison.Ordinal);
        var path = Spec(Convolutional.Replace(good, bad, StringComparison.Ordinal));
        Assert.Equal(78, _bench.Run("check", path));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_data_are_refused_before_anything_starts()
    {
        var rows = _bench.Write("rows.txt", "1 1:1 3:2\n2 2:1\n");
        var path = Spec("""{ "kind": "network", "layers": [ { "kind": "dense" } ] }""", $$"""{ "kind": "libsvm", "file": "{{rows}}", "features": 4, "classes": 2 }""");
        Assert.Equal(78, _bench.Run("check", path));
        Assert.Contains("network takes dense rows, but the data are sparse; use softmax or perceptron", _bench.Errors, StringComparison.Ordinal);
    }

    private string Spec(string objective, string data = """{ "kind": "digit-pictures", "count": 400, "side": 8, "testCount": 100 }""") => _bench.Write("net.json", $$"""
        {
          "version": 1, "data": {{data}},
          "objective": {{objective}},
          "code": { "name": "fractional-repetition", "workers": 4, "stragglers": 1 },
          "optimizer": { "name": "momentum", "rate": 0.05 },
          "samples": 40,
          "rounds": 60,
          "hashEvery": 10,
          "kernels": "managed"
        }
        """);
}
