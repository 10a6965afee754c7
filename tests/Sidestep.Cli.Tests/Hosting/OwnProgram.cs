using System.Text.Json.Nodes;
using NAMESPACE;
using Sidestep.Coding;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli.Tests.Hosting;

/// <summary>A user's program: the parts of the project that <c>sidestep new</c> writes, and some more.</summary>
internal static class OwnProgram
{
    public static string RunJson { get; } = File.ReadAllText(Path.Combine(Repository.Root, "src", "Sidestep.Cli", "Templates", "run.json"));

    public static SidestepHost Host() => SidestepHost.Create()
        .AddData("spirals", (DataContext c, SpiralsParameters p) => Spirals.Open(c, p), "points on two spirals")
        .AddObjective("two-layer-net", (ObjectiveContext c, NetParameters p) => new TwoLayerNet(c.Features, p.Hidden, p.L2), "one hidden layer")
        .AddObjective("free-net", c => new TwoLayerNet(c.Features, c.Parameters.GetProperty("hidden").GetInt32(), 0));

    public static ResolvedSpec Spec(this Trainer trainer, params string[] overrides) => trainer.Parse(RunJson, overrides);

    /// <summary>Runs a short training.</summary>
    public static async Task<RunResult> Train(this Trainer trainer, CliBench bench, string folder, string fabric, params string[] overrides) =>
        await trainer.RunAsync(
            trainer.Spec([.. overrides, "rounds=20", "hashEvery=10", "samples=40", "data.count=200", "data.testCount=50"]),
            new TrainingOptions { Fabric = fabric, Folder = bench.In(folder) });

    public static string Refused(Action act) => Assert.Throws<ConfigurationException>(act).Message;

    public static JsonNode Objective(this ResolvedSpec spec) => JsonNode.Parse(spec.Json)!["objective"]!;

    /// <summary>Both of two workers send everything.</summary>
    public static ICode<float> Mirror(CodeParameters parameters)
    {
        var n = parameters.Workers;
        return TableCode.Create("mirror", new CodeTable<float>(
            n,
            n,
            1,
            [.. Enumerable.Range(0, n * n).Select(i => new Item<float>(i / n, [(i % n, 1f)]))],
            [.. Enumerable.Range(0, n).Select(w => new Row<float>(w, [.. Enumerable.Range(0, n).Select(p => new Term<float>((w * n) + p, 0, 1f))]))]));
    }
}
