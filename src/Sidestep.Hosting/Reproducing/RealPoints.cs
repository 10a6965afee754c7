using System.Globalization;
using System.Text;

namespace Sidestep.Hosting;

/// <summary>One point and scheme, simulated and on processes.</summary>
/// <param name="Ratio">c over the round-trip time.</param>
/// <param name="Probability">Probability that a worker stalls in a round.</param>
/// <param name="Rival">The scheme.</param>
/// <param name="Simulated">Mean seconds of a round after the warm-up, simulated.</param>
/// <param name="Real">Mean seconds of the same rounds on processes: the median of the repeats.</param>
/// <param name="Load">Runnable processes of the machine in the mean of the last minute, after the last repeat; NaN: not known here.</param>
public sealed record RealPoint(double Ratio, double Probability, Rival Rival, double Simulated, double Real, double Load)
{
    /// <summary>Real over simulated, less 1.</summary>
    public double Difference => (Real / Simulated) - 1;
}

/// <summary>Runs nine points of a map on real processes: the same spec, seed and stalls as simulated, computing time and link latency emulated.</summary>
/// <remarks><code>var points = RealPoints.Run(new WhoWinsPlan(), new RealPointsOptions { Folder = "runs/real", Launch = launch });</code></remarks>
public static class RealPoints
{
    private static readonly double[] Ratios = [10, 1, 0.3], Probabilities = [0.01, 0.03, 0.1];
    private static readonly string[] Schemes = ["uncoded", "reissue chunks=10", "fractional-repetition s=1"];

    /// <summary>Runs them, one after the other.</summary>
    /// <param name="plan">The map; its grid is not used.</param>
    /// <param name="options">Where and how.</param>
    /// <exception cref="SidestepException">A run failed.</exception>
    public static IReadOnlyList<RealPoint> Run(WhoWinsPlan plan, RealPointsOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        plan = plan with { Compute = plan.Compute * options.Stretch };
        var rivals = Rivals.Of(plan.Workers).Where(r => Schemes.Contains(r.Name)).ToArray();
        var points = new List<RealPoint>();
        foreach (var ratio in Ratios)
        {
            foreach (var probability in Probabilities)
            {
                foreach (var rival in rivals)
                {
                    points.Add(Point(plan, options, ratio, probability, rival));
                    options.Progress?.Invoke(points[^1]);
                }
            }
        }

        return points;
    }

    /// <summary>The pairs, as a Markdown table.</summary>
    /// <param name="points">The pairs.</param>
    public static string Text(IReadOnlyList<RealPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var text = new StringBuilder("| c / round trip | P(stall) | scheme | simulated, ms | processes, ms | difference | load |\n|---:|---:|---|---:|---:|---:|---:|\n");
        foreach (var p in points)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {p.Ratio} | {p.Probability} | {p.Rival.Name} | {p.Simulated * 1000:0.0} | {p.Real * 1000:0.0} | {p.Difference * 100:+0.0;−0.0} % | {p.Load:0.0} |");
        }

        var within = points.Count(p => Math.Abs(p.Difference) <= 0.1);
        if (within < points.Count && points.Any(p => p.Load > Os.Cores + 1))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"The machine was busy: load above its {Os.Cores} cores. Times on processes are then those of the machine, not of the schemes.");
        }

        return text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{within} of {points.Count} within 10 %; largest difference {points.Max(p => Math.Abs(p.Difference)) * 100:0.0} %").ToString();
    }

    private static RealPoint Point(WhoWinsPlan plan, RealPointsOptions options, double ratio, double probability, Rival rival)
    {
        var spec = new ResolvedSpec(
            TargetProblem.Spec(plan, rival, ratio, plan.Stalls(probability), options.WarmUp + options.Rounds, new SgdSpec(0.1)), Directory.GetCurrentDirectory());
        var name = string.Create(CultureInfo.InvariantCulture, $"{rival.Mark}-{ratio}-{probability}");
        var simulated = Mean(spec, options, "sim", Path.Combine(options.Folder, $"{name}-sim"));
        var real = Enumerable.Range(0, options.Repeats)
            .Select(i => Mean(spec, options, options.Fabric, Path.Combine(options.Folder, $"{name}-{options.Fabric}-{i}")))
            .Order()
            .ToArray();
        return new RealPoint(ratio, probability, rival, simulated, real[real.Length / 2], Load());
    }

    private static double Mean(ResolvedSpec spec, RealPointsOptions options, string fabric, string target)
    {
        using var folder = RunFolder.Open(target, FolderMode.Fresh);
        var seconds = new List<double>();
        var result = RunExecutor.RunAsync(new RunRequest
        {
            Spec = spec,
            Folder = folder,
            Fabric = fabric,
            WorkerLaunch = options.Launch,
            Listener = happened =>
            {
                if (happened.Phase == Phase.Round && happened.Round >= options.WarmUp)
                {
                    seconds.Add((happened.End - happened.Start).TotalSeconds);
                }
            },
            Drain = options.Stop,
            Stop = options.Stop,
        }).GetAwaiter().GetResult();
        return result.Status == "finished"
            ? seconds.Average()
            : throw new ConfigurationException($"the run in {target} ended {result.Status}: {result.Reason}");
    }

    private static double Load()
    {
        const string Source = "/proc/loadavg";
        return File.Exists(Source) && double.TryParse(File.ReadAllText(Source).Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : double.NaN;
    }
}
