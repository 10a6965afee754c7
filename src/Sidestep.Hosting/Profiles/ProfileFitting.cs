using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>Fits profiles to the events of runs.</summary>
/// <remarks>Compute time, upload and late start of every worker apart, each by <see cref="LatencyFitting"/>; a worker with too few delays of a kind
/// gets the law of all workers together. Works for runs whose rounds collect shares (<c>coded-descent</c>), on every fabric.
/// <code>var profile = ProfileFitting.FromRun("runs/first");
/// Console.WriteLine(profile.Workers[0].Compute.Law);</code></remarks>
public static class ProfileFitting
{
    /// <summary>Rounds that are left out at the start of a run: programs are loaded and caches cold.</summary>
    public const int DefaultWarmUp = 5;

    /// <summary>Fits the laws of a run.</summary>
    /// <param name="folder">The run's folder: <c>spec.json</c> and <c>events.jsonl</c> are read.</param>
    /// <param name="warmUp">Rounds to leave out at the start.</param>
    /// <param name="catalog">What names in its spec mean; absent: what is built in.</param>
    /// <exception cref="DataException">There is no run, or it has too few rounds; says how many are needed.</exception>
    public static LatencyProfile FromRun(string folder, int warmUp = DefaultWarmUp, SidestepCatalog? catalog = null)
    {
        var (specFile, eventsFile) = (Path.Combine(folder, "spec.json"), Path.Combine(folder, "events.jsonl"));
        if (!File.Exists(eventsFile) || !File.Exists(specFile))
        {
            throw new DataException(
                $"{folder} holds no run: there is no {(File.Exists(specFile) ? "events.jsonl" : "spec.json")} in it; name the folder that 'sidestep run' wrote to");
        }

        var resolved = SpecFile.LoadResolved(specFile, folder, catalog);
        var spec = resolved.Spec;
        var table = Codes.Create(spec.Code, resolved.Catalog, resolved.Folder).Table;
        var series = RunSeries.Of(
            EventsReader.Read(eventsFile), table.Workers, warmUp, ComputeSyntax.Parse(spec.Compute).PerPartition, eventsFile);
        Require(series, warmUp, eventsFile, spec);
        var laws = new ProfileLaws([.. series.Rounds.Keys.TakeLast(ProfileLaw.MostDelays)]);
        return new LatencyProfile(
            1,
            new ProfileRun(
                spec.Code.Name, table.Partitions, series.ModelBytes, series.Rounds.Count, warmUp, spec.Seed, spec.Compute, spec.Slow,
                ProfileTimes.Of(series.Rounds.Values),
                series.Respawns.Count == 0 ? null : Math.Round(series.Respawns.Order().ElementAt(series.Respawns.Count / 2), 4)),
            laws.Of(series.Coordinator),
            Workers(series, laws));
    }

    /// <summary>What a reader of the profile should know before believing it; a sentence each.</summary>
    /// <param name="profile">The profile.</param>
    public static IEnumerable<string> Doubts(LatencyProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (var worker in profile.Workers)
        {
            foreach (var (name, law) in ((string, ProfileLaw)[])[("compute", worker.Compute), ("start", worker.Start), ("upload", worker.Upload)])
            {
                if (law.Pooled)
                {
                    yield return $"slot {worker.Slot} has too few delays for {name}; it gets the law of all workers";
                }
                else if (law.Cut * 2 > law.Samples)
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"slot {worker.Slot}: {law.Cut} of {law.Samples} delays for {name} were cut short, so its tail is a guess; a run of the code 'uncoded' cuts none");
                }
            }
        }

        if (profile.Run.Compute == "measured")
        {
            yield return "compute was measured: if the workers shared cores, another scheme changes how they do";
        }
    }

    private static void Require(RunSeries series, int warmUp, string file, RunSpec spec)
    {
        if (series.Rounds.Count < LatencyFitting.LeastSamples)
        {
            var advice = spec.Strategy.Name == "coded-descent"
                ? string.Create(CultureInfo.InvariantCulture, $"run at least {warmUp + LatencyFitting.LeastSamples} rounds")
                : $"rounds of {spec.Strategy.Name} do not collect shares; profile a run of coded-descent";
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file} tells of {series.Rounds.Count} rounds after the first {warmUp}, and a law needs at least {LatencyFitting.LeastSamples}: {advice}"));
        }

        if (series.Workers.All(w => w.Compute.Count > 0 && w.Unpriced == w.Compute.Count))
        {
            throw new DataException($"{file} does not tell what computations cost: the run was recorded by an older version; run it again");
        }
    }

    private static ImmutableArray<ProfileWorker> Workers(RunSeries series, ProfileLaws laws)
    {
        var workers = ImmutableArray.CreateBuilder<ProfileWorker>(series.Workers.Length);
        for (var slot = 0; slot < series.Workers.Length; slot++)
        {
            var own = series.Workers[slot];
            workers.Add(new ProfileWorker(
                slot,
                laws.Of(own.Compute, series.Workers.Select(w => w.Compute)),
                laws.Of(own.Start, series.Workers.Select(w => w.Start)),
                laws.Of(own.Upload, series.Workers.Select(w => w.Upload)),
                UploadSize(own, series.ModelBytes),
                series.There(slot) > 0 ? Math.Round(series.Deaths[slot] / series.There(slot), 6) : 0,
                own.HasWeather ? laws.OfWeather(own.Weather) : null));
        }

        return workers.MoveToImmutable();
    }

    // Two lengths of shares tell what a byte costs.
    private static double? UploadSize(WorkerSeries series, long modelBytes)
    {
        if (series.ShareBytes.Count == 0 || modelBytes == 0 || series.ShareBytes.Max() < 1.5 * series.ShareBytes.Min())
        {
            return null;
        }

        var (least, most) = (series.ShareBytes.Min(), series.ShareBytes.Max());
        double MedianOf(long bytes) => Quantiles.NearestRank(
            [.. series.Upload.Samples.Where((_, i) => series.ShareBytes[i] == bytes).Select(s => s.Delay.TotalMilliseconds).Order()], 0.5);
        return Math.Round(Math.Max(0, (MedianOf(most) - MedianOf(least)) / (most - least) * modelBytes), 4);
    }
}
