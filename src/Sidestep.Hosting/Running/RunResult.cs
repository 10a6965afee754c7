using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>What a run came to: the contents of <c>result.json</c>.</summary>
public sealed record RunResult
{
    /// <summary>The status of a run whose objective kept failing on too many slots.</summary>
    public const string ObjectiveFailed = "objective-failed";

    /// <summary><c>finished</c>, <c>preempted</c>, <c>quorum-lost</c>, <c>diverged</c> or <c>objective-failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why the run stands so; empty when it finished after its last round.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary><c>E0</c> bit-exact, <c>E1</c> exact up to certified rounding, <c>E2</c> approximate.</summary>
    public required string Exactness { get; init; }

    /// <summary><c>sim</c>, <c>threads</c> or <c>tcp</c>.</summary>
    public required string Fabric { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Rounds done.</summary>
    public required long Rounds { get; init; }

    /// <summary>Mean loss on the test set, or else on the validation set, or else the last round's training loss.</summary>
    public double? Loss { get; init; }

    /// <summary>Share of right answers on the test set, or else on the validation set.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean training loss of the last round.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>All metrics of the last evaluation by set and name: <c>metrics.validation.loss</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Metrics { get; init; }

    /// <summary>The best model, which is in <c>best.safetensors</c>.</summary>
    public BestResult? Best { get; init; }

    /// <summary>Rounds since this run was started or resumed whose gradient was clipped; absent if the coordinator clips nothing.</summary>
    public long? ClippedRounds { get; init; }

    /// <summary>Blocks of very different scale that one row of the code mixes; absent: none were found.</summary>
    public UnevenResult? Uneven { get; init; }

    /// <summary>Computations of partitions begun beyond one each, as a share of them (what was cut short or lost counts whole); absent where a code has no partitions to hand around.</summary>
    public double? WorkOverhead { get; init; }

    /// <summary>SHA-256 chain over rounds, model and optimizer.</summary>
    public required string TrajectoryHash { get; init; }

    /// <summary>SHA-256 over every event of a simulated run.</summary>
    public string? TraceHash { get; init; }

    /// <summary>Seconds from start to end, on the fabric's clock.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds per round.</summary>
    public required RoundSeconds RoundSeconds { get; init; }

    /// <summary>Samples of the rounds done, by the seconds they took; what was computed more than once counts once. Absent in results of older versions.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>The same in tokens; absent if the data are no text.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Bytes at the coordinator.</summary>
    public required RunBytes Bytes { get; init; }

    /// <summary>Seconds workers computed, all together.</summary>
    public required double Compute { get; init; }

    /// <summary>Seconds the coordinator waited for shares.</summary>
    public required double Wait { get; init; }

    /// <summary>Seconds the coordinator decoded.</summary>
    public required double Decode { get; init; }

    /// <summary>Whether computing time was emulated: then seconds say how schemes compare, not how fast this machine is.</summary>
    public required bool Emulated { get; init; }

    /// <summary>Processes with equal numeric class compute equal bits.</summary>
    public required string NumericClass { get; init; }

    /// <summary>SHA-256 of the resolved spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>The round a resumed run went on from.</summary>
    public long? ResumedFrom { get; init; }

    /// <summary>What redundancy saved and cost, and who cost most; null in results of older versions.</summary>
    public LedgerResult? Ledger { get; init; }

    /// <summary>What every slot did.</summary>
    public required IReadOnlyList<WorkerResult> Workers { get; init; }

    /// <summary>Workers whose objective failed; absent: none.</summary>
    public IReadOnlyList<FaultResult>? Faults { get; init; }

    /// <summary>The resolved spec.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>The parameters the run ended with; empty in a result that was read from a file.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<float> Model { get; init; }

    /// <summary>The model's tensors, in the order of <see cref="Model"/>; null in a result that was read from a file.</summary>
    [JsonIgnore]
    public ModelShape? Shape { get; init; }

    /// <summary>The exit code of a command that ends with this result.</summary>
    [JsonIgnore]
    public int ExitCode => Status switch { "finished" => 0, "preempted" => 75, "quorum-lost" => 69, ObjectiveFailed => ObjectiveFaultException.Code, _ => 65 };

    /// <summary>The result as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Default.RunResult);

    /// <summary>Reads a <c>result.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is not one.</exception>
    public static RunResult Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ResultJson.Default.RunResult)
                ?? throw new DataException($"{path} is empty");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} is not a result: {error.Message}");
        }
    }
}

/// <summary>The best model of a run.</summary>
/// <param name="Round">Rounds done when it was measured.</param>
/// <param name="Metric">The metric that says so.</param>
/// <param name="Value">Its value.</param>
public sealed record BestResult(long Round, string Metric, double Value);

/// <summary>Two blocks that one row of the code mixes, and whose gradients differ so much in scale that the small one drowns.</summary>
/// <param name="Row">The row.</param>
/// <param name="Blocks">Their numbers.</param>
/// <param name="Ratio">How many times the root mean square of one exceeds that of the other, over the first rounds.</param>
public sealed record UnevenResult(int Row, string Blocks, double Ratio)
{
    /// <summary>For people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"row {Row} of the code mixes blocks {Blocks}, whose gradients differ {Ratio:0}-fold in scale: what rounding or compression does to the sum drowns the small one; "
        + $"choose messages layers (network, perceptron), or fewer blocks");
}

/// <summary>Seconds per round.</summary>
/// <param name="P50">Half of the rounds took at most this.</param>
/// <param name="P99">99 of 100 rounds took at most this.</param>
/// <param name="Mean">The mean.</param>
public sealed record RoundSeconds(double P50, double P99, double Mean);

/// <summary>Bytes at the coordinator.</summary>
/// <param name="Sent">Payload bytes sent.</param>
/// <param name="Received">Payload bytes received.</param>
/// <param name="FrameSent">Bytes sent with headers.</param>
/// <param name="FrameReceived">Bytes received with headers.</param>
public sealed record RunBytes(long Sent, long Received, long FrameSent, long FrameReceived);

/// <summary>What a slot did.</summary>
/// <param name="Id">The slot.</param>
/// <param name="Shares">Shares that came in time.</param>
/// <param name="Late">Shares that came too late.</param>
/// <param name="Deaths">Sessions that ended before the run did.</param>
/// <param name="ComputeSeconds">Seconds it computed.</param>
/// <param name="CostSeconds">Seconds it was there, computing or not: what one pays for. Compute, weather, upload, late start and idle sum to it.</param>
public sealed record WorkerResult(int Id, long Shares, long Late, long Deaths, double ComputeSeconds, double CostSeconds)
{
    /// <summary>Seconds from the end of a round's computation until its share was there, not counting those it computed on.</summary>
    public double UploadSeconds { get; init; }

    /// <summary>Seconds from being given a model to the first work on it, not counting those it was busy with older work.</summary>
    public double LateStartSeconds { get; init; }

    /// <summary>Seconds it was held up by rehearsed weather.</summary>
    public double WeatherSeconds { get; init; }

    /// <summary>Seconds it was there and did none of these: waiting for the next model, or lost with its session.</summary>
    public double IdleSeconds { get; init; }

    /// <summary>Rounds it gave no share to, neither in time nor late; 0 for strategies without common rounds.</summary>
    public long RoundsSilent { get; init; }

    /// <summary>Seconds of computing whose share came too late, was not sent, or was refused; part of the computing.</summary>
    public double WastedSeconds { get; init; }

    /// <summary>Its part of the seconds that rounds went on after the first worker was done.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>Its part of the seconds that rounds would have gone on, at least, had they waited for all.</summary>
    public double AvoidedSeconds { get; init; }
}

/// <summary>A worker whose objective failed.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Count">How often.</param>
/// <param name="GivenUp">Whether it was not started again in the end.</param>
/// <param name="Last">What went wrong the last time.</param>
public sealed record FaultResult(int Slot, long Count, bool GivenUp, string Last);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    WriteIndented = true)]
[JsonSerializable(typeof(RunResult))]
internal sealed partial class ResultJson : JsonSerializerContext;
