using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>How long the workers of a run take for what a round asks of them: laws fitted to the run's events. Docs: <c>docs/profile-format.md</c>.</summary>
/// <param name="Version">Version of the format: 1.</param>
/// <param name="Run">The run it was fitted from.</param>
/// <param name="Coordinator">The coordinator's own time per round: writing the model, opening the last share, decoding, stepping.</param>
/// <param name="Workers">One entry per slot, by slot.</param>
/// <remarks><code>var profile = ProfileFitting.FromRun("runs/first");
/// File.WriteAllText("profile.json", profile.ToJson());</code></remarks>
public sealed record LatencyProfile(
    [property: Range(1, 1)] int Version,
    ProfileRun Run,
    ProfileLaw Coordinator,
    [property: Length(1, 4096)] ImmutableArray<ProfileWorker> Workers)
{
    /// <summary>The profile as indented JSON with a final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ProfileJson.Default.LatencyProfile) + "\n";

    /// <summary>Reads a profile. Strict: what is not understood is refused.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It cannot be read or is not a profile; names key and line.</exception>
    public static LatencyProfile Load(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(Directory.Exists(path)
                ? $"{path} is a folder; a profile is a file: write one with 'sidestep profile {path} --out profile.json'"
                : $"{path} cannot be read: {error.Message}");
        }

        new SpecCheck(path, SidestepCatalog.BuiltIn.Own) { Whole = "the profile" }.Check(json, ProfileJson.Default.LatencyProfile);
        var profile = JsonSerializer.Deserialize(json, ProfileJson.Default.LatencyProfile)!;
        profile.Check(path);
        return profile;
    }

    private static void Named<T>(string place, Func<T> parse)
    {
        try
        {
            _ = parse();
        }
        catch (SidestepException error)
        {
            throw new ConfigurationException($"{place}: {error.Message}");
        }
    }

    private void Check(string path)
    {
        Coordinator.Check($"{path}: coordinator");
        for (var i = 0; i < Workers.Length; i++)
        {
            var worker = Workers[i];
            if (worker.Slot != i)
            {
                throw new ConfigurationException($"{path}: workers[{i}].slot is {worker.Slot}; workers are listed by slot from 0, so it must be {i}");
            }

            worker.Compute.Check($"{path}: workers[{i}].compute");
            worker.Start.Check($"{path}: workers[{i}].start");
            worker.Upload.Check($"{path}: workers[{i}].upload");
            worker.Weather?.Check($"{path}: workers[{i}].weather");
        }

        Named($"{path}: run.compute", () => ComputeSyntax.Parse(Run.Compute));
        Named($"{path}: run.slow", () => WeatherSyntax.ParseSlow(Run.Slow, Workers.Length));
    }
}

/// <summary>The run a profile was fitted from.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Partitions">Partitions of the data: a worker's compute law is the time of one.</param>
/// <param name="ModelBytes">Bytes of a model message.</param>
/// <param name="Rounds">Rounds the laws were fitted to; the first <paramref name="WarmUp"/> are not among them.</param>
/// <param name="WarmUp">Rounds that were left out at the start.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Compute">How its computing time was had.</param>
/// <param name="Slow">Its rehearsed delays.</param>
/// <param name="Round">Its rounds, as they were.</param>
/// <param name="RespawnSeconds">Median time between a death and the slot's next session; absent: nobody died.</param>
public sealed record ProfileRun(
    string Code,
    [property: Range(1, int.MaxValue)] int Partitions,
    [property: Range(0, long.MaxValue)] long ModelBytes,
    [property: Range(1, long.MaxValue)] long Rounds,
    [property: Range(0, int.MaxValue)] int WarmUp,
    ulong Seed,
    string Compute,
    string Slow,
    ProfileTimes Round,
    [property: Range(0, 86400)] double? RespawnSeconds = null);

/// <summary>How long one worker takes.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Compute">The gradient of one partition.</param>
/// <param name="Start">From the moment the round's models leave to the moment the worker begins, if it has nothing else to do.</param>
/// <param name="Upload">From the end of a computation to the arrival of its share.</param>
/// <param name="UploadSizeMilliseconds">The part of <paramref name="Upload"/> due to the share's length; absent: all shares were equally long, so it is not known.</param>
/// <param name="DeathsPerSecond">Deaths per second of being there.</param>
/// <param name="Weather">Rehearsed delays per round, as measured; absent: none. Not used to predict: the spec says what they are.</param>
public sealed record ProfileWorker(
    [property: Range(0, 4095)] int Slot,
    ProfileLaw Compute,
    ProfileLaw Start,
    ProfileLaw Upload,
    [property: Range(0, 86_400_000)] double? UploadSizeMilliseconds = null,
    [property: Range(0, 1000)] double DeathsPerSecond = 0,
    ProfileLaw? Weather = null);

/// <summary>A fitted law.</summary>
/// <param name="Law">As in <c>--slow</c>, or <c>trace</c>: no law fits, <paramref name="Delays"/> are replayed.</param>
/// <param name="Samples">Delays it was fitted to.</param>
/// <param name="Cut">Of those, delays that were cut short: they would have been longer.</param>
/// <param name="Pooled">Whether the delays are those of all workers, since this one has too few.</param>
/// <param name="Distance">Kolmogorov–Smirnov distance between law and delays.</param>
/// <param name="PValue">Probability of such a distance if the law were true; too high, since the law was fitted to the same delays.</param>
/// <param name="Correlation">Correlation of delays one round apart: far from 0, the rounds are not independent.</param>
/// <param name="Milliseconds">The delays themselves.</param>
/// <param name="Delays">The delays of the last 1000 rounds at most, in milliseconds, one a round, the same rounds in every law; a round without one repeats
/// the one before.</param>
/// <param name="Aic">Akaike's criterion; absent for a replayed trace.</param>
public sealed record ProfileLaw(
    string Law,
    [property: Range(0, int.MaxValue)] int Samples,
    [property: Range(0, int.MaxValue)] int Cut,
    bool Pooled,
    [property: Range(0, 1)] double Distance,
    [property: Range(0, 1)] double PValue,
    [property: Range(-1, 1)] double Correlation,
    ProfileTimes Milliseconds,
    [property: Length(1, ProfileLaw.MostDelays), Range(0, 86_400_000)] ImmutableArray<double> Delays,
    double? Aic = null)
{
    /// <summary>The text that stands for replayed delays.</summary>
    public const string Trace = "trace";

    /// <summary>Most delays a law keeps.</summary>
    public const int MostDelays = 1000;

    // Where more than this share was cut short, replayed delays would be too short.
    private const double MostCut = 0.05;

    /// <summary>Whether the delays can be replayed: they are the worker's own, and hardly any was cut short.</summary>
    public bool CanReplay => !Pooled && Cut <= MostCut * Samples;

    /// <summary>The law to draw from.</summary>
    /// <exception cref="ConfigurationException">The text is not a law.</exception>
    public LatencyModel ToModel() => Law == Trace
        ? new TraceLatency([.. Delays.Select(d => TimeSpan.FromMilliseconds(d))], "measured")
        : LatencySyntax.Parse(Law);

    /// <summary>The delays as they were, if they can be replayed, or else the law. Models of one profile replay the same rounds together.</summary>
    /// <param name="ahead">Rounds by which this one runs ahead of the others.</param>
    /// <exception cref="ConfigurationException">The text is not a law.</exception>
    public LatencyModel ToReplay(int ahead = 0) =>
        CanReplay ? new ReplayedDelays([.. Delays.Select(d => TimeSpan.FromMilliseconds(d))], ahead) : ToModel();

    internal void Check(string path)
    {
        try
        {
            _ = ToModel();
        }
        catch (SidestepException error)
        {
            throw new ConfigurationException($"{path}.law: {error.Message}; or write '{Trace}' to replay the delays");
        }
    }
}

/// <summary>Mean and quantiles, in milliseconds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">Half are at most this.</param>
/// <param name="P95">95 of 100 are at most this.</param>
/// <param name="P99">99 of 100 are at most this.</param>
public sealed record ProfileTimes(double Mean, double P50, double P95, double P99)
{
    internal static ProfileTimes Of(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return new ProfileTimes(
            Round(sorted.Average()), Round(Quantiles.NearestRank(sorted, 0.5)), Round(Quantiles.NearestRank(sorted, 0.95)), Round(Quantiles.NearestRank(sorted, 0.99)));
    }

    private static double Round(double milliseconds) => Math.Round(milliseconds, 4);
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    WriteIndented = true)]
[JsonSerializable(typeof(LatencyProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
