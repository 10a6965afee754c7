namespace Sidestep.Hosting;

/// <summary>Scenes from profiles: the measured workers under another scheme, in other numbers, in other weather.</summary>
/// <remarks><code>var scene = ProfileScenes.Of(profile, new Scheme(new CodeSpec("fractional-repetition", 6, 2), new StrategySpec()));
/// var times = SchemeSimulation.Run(scene with { Rounds = 5000 });</code></remarks>
public static class ProfileScenes
{
    private const int CopyAhead = 37;

    /// <summary>The scene of a scheme. More workers than the profile has are copies of its own, in turn; the work of a round stays the same.
    /// Rehearsed weather is that of the profile's run where the slot exists; replace <see cref="SchemeScene.Weather"/> for another.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="scheme">The scheme, with its number of workers.</param>
    /// <param name="laws">Whether every delay is drawn from its law, independently of all others; else the measured rounds are replayed, all workers
    /// together, so that what slows them down together still does.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">The code does not exist.</exception>
    public static SchemeScene Of(LatencyProfile profile, Scheme scheme, bool laws = false, SidestepCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(scheme);
        catalog ??= SidestepCatalog.BuiltIn;
        var slots = Codes.Create(scheme.Code, catalog).Table.Workers;
        var slow = WeatherSyntax.ParseSlow(profile.Run.Slow, profile.Workers.Length);
        return new SchemeScene
        {
            Catalog = catalog,
            Code = scheme.Code,
            Strategy = scheme.Strategy,
            Workers = [.. Enumerable.Range(0, slots).Select(slot => Worker(profile, slot, laws))],
            Partitions = profile.Run.Partitions,
            Coordinator = laws ? profile.Coordinator.ToModel() : profile.Coordinator.ToReplay(),
            Weather = Weather.None with { Slow = slow.RemoveRange(slow.Keys.Where(slot => slot >= slots)) },
            Respawn = TimeSpan.FromSeconds(profile.Run.RespawnSeconds ?? 0.5),
            Seed = profile.Run.Seed,
        };
    }

    // Copies of a worker replay other rounds than it does.
    private static WorkerTimes Worker(LatencyProfile profile, int slot, bool laws)
    {
        var (copy, index) = Math.DivRem(slot, profile.Workers.Length);
        var worker = profile.Workers[index];
        LatencyModel Model(ProfileLaw law) => laws ? law.ToModel() : law.ToReplay(copy * CopyAhead);
        return new WorkerTimes(Model(worker.Compute), Model(worker.Start), Model(worker.Upload))
        {
            Proportional = ComputeSyntax.Parse(profile.Run.Compute).PerPartition,
            UploadSize = TimeSpan.FromMilliseconds(worker.UploadSizeMilliseconds ?? 0),
            DeathsPerSecond = worker.DeathsPerSecond,
        };
    }
}
