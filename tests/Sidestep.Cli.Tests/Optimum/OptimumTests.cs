using System.Text.Json.Nodes;
using Sidestep.Hosting;
using Xunit.Abstractions;

namespace Sidestep.Cli.Tests.Optimum;

/// <summary>Coded descent finds the minimum that Newton's method finds in double.</summary>
public sealed class OptimumTests(ITestOutputHelper output) : IDisposable
{
    private const double L2 = 0.01;

    private static readonly Lazy<SparseRows?> Mushrooms = new(() => Read("mushrooms.gz", 112));
    private static readonly Lazy<SparseRows?> Adult = new(() => Read("a9a.gz", 123));

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{ "name": "uncoded", "workers": 6 }""", "E0")]
    [InlineData("""{ "name": "fractional-repetition", "workers": 6, "stragglers": 1 }""", "E0")]
    [InlineData("""{ "name": "cyclic-repetition", "workers": 6, "stragglers": 1 }""", "E1")]
    [InlineData("""{ "name": "reissue", "workers": 6 }""", "E0")]
    [InlineData("""{ "name": "pair-lines", "workers": 6, "blocks": 3 }""", "E1")]
    public void Mushrooms_reach_the_optimum_under_every_exact_code(string code, string exactness) =>
        ReachesOptimum(Mushrooms.Value, "mushrooms.json", exactness, "--fabric", "sim", "--set", $"code={code}", "--slow", "1:exp(1ms,5ms)");

    [Fact]
    public void Adult_income_reaches_the_optimum_on_processes() =>
        ReachesOptimum(Adult.Value, "a9a.json", "E0", "--fabric", "tcp");

    private static string Experiments => Path.Combine(Repository.Root, "experiments");

    private static SparseRows? Read(string file, int features)
    {
        var path = Path.Combine(DataFolder.For(Experiments), "libsvm", file);
        return File.Exists(path) ? SparseRows.Read(path, features) : null;
    }

    private void ReachesOptimum(SparseRows? data, string spec, string exactness, params string[] flags)
    {
        if (data is null)
        {
            output.WriteLine($"SKIPPED: no data for {spec} in {DataFolder.For(Experiments)}; set {DataFolder.Variable}");
            return;
        }

        var code = _bench.Run(["run", Path.Combine(Experiments, spec), "--out", _bench.In("run"), "--json", .. flags]);
        Assert.True(code == 0, _bench.Errors);
        Assert.Equal(exactness, (string)JsonNode.Parse(_bench.Output)!["exactness"]!);

        var problem = new LogisticOptimum(data, L2);
        var (optimum, gradientNorm) = problem.Solve();
        Assert.InRange(gradientNorm, 0, 1e-9);
        var excess = problem.Loss(SavedModel.Read(_bench.In("run/state"))) - optimum;
        output.WriteLine($"optimum {optimum:R}, excess {excess:E2}");
        Assert.InRange(excess, -1e-9, 1e-6);
    }
}
