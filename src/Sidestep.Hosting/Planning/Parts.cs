using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>What a spec names, created; its mistakes are gathered and said together.</summary>
internal sealed record Parts(
    ICode<float> Code,
    ICompressor<float>? Uplink,
    IMixer? Mixer,
    IOptimizer Optimizer,
    IStrategy Strategy,
    Weather Weather,
    ComputeModel Compute,
    TimeSpan? Respawn,
    TimeSpan QuorumTimeout)
{
    private const string Never = "never";

    public static Parts Of(ResolvedSpec resolved)
    {
        var (spec, catalog) = (resolved.Spec, resolved.Catalog);
        var problems = new List<string>();
        var uplink = Try("compress", () => CompressorSyntax.Parse(spec.Compress, catalog.Compressors), problems);
        var code = Try("code", () => Codes.ForRun(spec.Code, catalog, uplink is { Traits.Remembers: true } || Strategies.IsImmediate(spec.Strategy), resolved.Folder), problems);
        var workers = code?.Table.Workers ?? spec.Code.Workers;
        var mixer = spec.Mixer is null ? null : Try("mixer", () => SidestepCatalog.Find("mixer", spec.Mixer, catalog.Mixers, e => e.Name).Create(), problems);
        var optimizer = Try("optimizer", () => Optimizers.Of(spec.Optimizer, spec.Rounds, catalog, resolved.Folder), problems);
        var strategy = Try("strategy", () => Strategies.Of(spec.Strategy, catalog), problems);
        var slow = Try("slow", () => WeatherSyntax.ParseSlow(spec.Slow, workers), problems);
        var links = Try("link", () => LinkSyntax.Parse(spec.Link, workers), problems);
        var kills = Try("kill", () => (Kills: WeatherSyntax.ParseKill(spec.Kill, workers), true), problems);
        var compute = Try("compute", () => ComputeSyntax.Parse(spec.Compute), problems);
        var pace = Try("pace", () => PaceOf(spec.Pace, workers, compute), problems);
        var respawn = Try("respawn", () => (Time: spec.Respawn == Never ? (TimeSpan?)null : DurationSyntax.Parse(spec.Respawn), true), problems);
        var quorum = Try("quorumTimeout", () => DurationSyntax.Parse(spec.QuorumTimeout), problems);
        return problems.Count switch
        {
            0 => new Parts(
                code!, uplink!.Name == "none" ? null : uplink, mixer, optimizer!, strategy!,
                new Weather(slow!, kills.Kills) { Links = links!, Pace = pace }, compute!, respawn.Time, quorum),
            1 => throw new ConfigurationException(problems[0]),
            _ => throw new CompositionException(problems),
        };
    }

    private static PaceModel? PaceOf(string text, int workers, ComputeModel? compute) =>
        PaceSyntax.Parse(text, workers) is not { } pace ? null
        : compute is not { PerPartition: null } ? pace
        : throw new ConfigurationException($"'{text}' stretches emulated computations, but compute is measured; add compute 'emulated(20ms)', or use slow");

    private static T? Try<T>(string part, Func<T> create, List<string> problems)
    {
        try
        {
            return create();
        }
        catch (ConfigurationException error)
        {
            problems.Add($"{part}: {error.Message}");
            return default;
        }
    }
}
