using System.Text.Json.Nodes;
using Sidestep.Training.Tests.External;
using Xunit.Abstractions;

namespace Sidestep.Cli.Tests.Exec;

/// <summary>The shipped convolutional net, in PyTorch.</summary>
public sealed class TorchTests(ITestOutputHelper output) : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Convolutional_net_learns_and_a_death_changes_no_byte()
    {
        if (!Python.IsThere(output, "torch"))
        {
            return;
        }

        var command = Python.Sample("torch_net.py");
        var spec = _bench.Write("torch.json", $$"""
            {
              "version": 1,
              "data": { "kind": "digit-pictures", "count": 400, "testCount": 100 },
              "objective": { "exec": ["{{command.Words[0]}}", "{{command.Words[1]}}"] },
              "code": { "name": "fractional-repetition", "workers": 2, "stragglers": 1 },
              "optimizer": { "name": "adam", "rate": 0.005 },
              "samples": 64,
              "rounds": 25,
              "kernels": "managed"
            }
            """);
        var calm = Run("calm", spec, "--fabric", "sim");
        var stormy = Run("stormy", spec, "--kill", "1@5");
        Assert.Equal("E0", (string)calm["exactness"]!);
        Assert.Contains("torch", (string)calm["numericClass"]!, StringComparison.Ordinal);
        Assert.Equal((string)calm["trajectoryHash"]!, (string)stormy["trajectoryHash"]!);
        Assert.InRange((double)calm["accuracy"]!, 0.5, 1);
    }

    private JsonObject Run(string folder, string spec, params string[] more)
    {
        var code = _bench.Run(["run", spec, "--out", _bench.In(folder), "--json", .. more]);
        Assert.True(code == 0, $"{code}: {_bench.Errors}");
        return JsonNode.Parse(_bench.Output)!.AsObject();
    }
}
