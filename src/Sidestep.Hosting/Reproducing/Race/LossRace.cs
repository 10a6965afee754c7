namespace Sidestep.Hosting;

/// <summary>Trains the same model with every scheme for the same time, in the same weather, and measures the loss while it falls.</summary>
/// <remarks><code>var runs = LossRace.Run(new RacePlan(), new RaceOptions { Folder = "runs/race", Launch = launch });</code></remarks>
public static class LossRace
{
    private const int Pictures = 12_000, Side = 8, TestPictures = 600;
    private const long Unbounded = 1_000_000;

    /// <summary>Runs it: every scheme, delay and seed, one after the other.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="options">Where and how.</param>
    /// <exception cref="SidestepException">A run failed.</exception>
    public static IReadOnlyList<RaceRun> Run(RacePlan plan, RaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var runs = new List<RaceRun>();
        foreach (var (delay, latency) in plan.Delays)
        {
            foreach (var lane in plan.Lanes.Where(l => options.Only is null || l.Name.Contains(options.Only, StringComparison.Ordinal)))
            {
                var rate = BestRate(plan, lane, latency, options);
                foreach (var seed in plan.Seeds)
                {
                    var run = Train(plan, lane, latency, seed, rate, options.Fabric, options) with { Delay = delay };
                    runs.Add(run);
                    options.Progress?.Invoke(run);
                }
            }
        }

        return runs;
    }

    /// <summary>The spec of a run; also what a user would write.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="lane">The scheme.</param>
    /// <param name="latency">The delays.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="rate">The optimizer's rate.</param>
    public static RunSpec Spec(RacePlan plan, RaceLane lane, string latency, ulong seed, double rate)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(lane);
        var partitions = Codes.Create(lane.Code).Table.Partitions;
        return new RunSpec(
            Version: 1,
            new DigitsDataSpec(Pictures, Side, TestCount: TestPictures),
            new PerceptronSpec([plan.Hidden]),
            lane.Code,
            new SgdSpec(rate),
            Unbounded,
            lane.Strategy,
            Samples: partitions * plan.Batch,
            Seed: seed,
            Compute: ComputeSyntax.Format(new ComputeModel(plan.Compute)),
            Kernels: "managed",
            HashEvery: Unbounded,
            EvaluateEvery: lane.EvaluateEvery,
            Slow: string.Join(',', Enumerable.Range(0, plan.Workers).Select(slot => $"{slot}:{latency}")),
            Link: plan.Link);
    }

    // The best of the plan's rates by the loss at the end of a simulated run. All are tried: above the best one, losses are no smooth function of the rate.
    private static double BestRate(RacePlan plan, RaceLane lane, string latency, RaceOptions options)
    {
        var (best, rate) = (double.PositiveInfinity, plan.Rates[^1]);
        foreach (var tried in plan.Rates)
        {
            var loss = Train(plan, lane, latency, plan.RateSeed, tried, "sim", options).Last;
            (best, rate) = loss < best ? (loss, tried) : (best, rate);
        }

        return rate;
    }

    private static RaceRun Train(RacePlan plan, RaceLane lane, string latency, ulong seed, double rate, string fabric, RaceOptions options)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(options.Stop);
        var record = new RaceRecord(plan.Length, drain);
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{lane.Name.Replace(' ', '-')}-{latency[..3]}-{seed}-{rate}-{fabric}");
        using var folder = RunFolder.Open(Path.Combine(options.Folder, name), FolderMode.Fresh);
        var result = RunExecutor.RunAsync(new RunRequest
        {
            Spec = new ResolvedSpec(Spec(plan, lane, latency, seed, rate), Directory.GetCurrentDirectory()),
            Folder = folder,
            Fabric = fabric,
            WorkerLaunch = options.Launch,
            Listener = record.Hear,
            Drain = drain.Token,
            Stop = options.Stop,
        }).GetAwaiter().GetResult();
        options.Stop.ThrowIfCancellationRequested();
        if (result.Status is not ("preempted" or "diverged"))
        {
            throw new ConfigurationException($"the run in {folder.Path} ended {result.Status}: {result.Reason}");
        }

        return record.Of(lane, seed, rate, diverged: result.Status == "diverged");
    }
}
