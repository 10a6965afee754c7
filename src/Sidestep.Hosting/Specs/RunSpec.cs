using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>Everything that defines a run, as written in a spec file. Docs: <c>docs/spec-format.md</c>; schema: <c>docs/spec.schema.json</c>.</summary>
/// <param name="Version">Version of the format: 1.</param>
/// <param name="Data">The training set, and the test set if there is one.</param>
/// <param name="Objective">The model and its loss.</param>
/// <param name="Code">Who computes what.</param>
/// <param name="Optimizer">How the parameters move.</param>
/// <param name="Rounds">Rounds to do.</param>
/// <param name="Strategy">The training method.</param>
/// <param name="Compress">Compressor of the shares on their way up.</param>
/// <param name="Mixer">The mixer, for strategies that mix.</param>
/// <param name="Samples">Samples a round takes from all partitions together; 0: all.</param>
/// <param name="Seed">The seed of everything random.</param>
/// <param name="Compute">How long computations take: <c>measured</c> or <c>emulated(20ms)</c>.</param>
/// <param name="Kernels">Matrix products: <c>managed</c> has the same bits on every machine, <c>blas</c> needs OpenBLAS, <c>auto</c> takes what is there.</param>
/// <param name="HashEvery">Rounds between links of the trajectory hash.</param>
/// <param name="EvaluateEvery">Rounds between evaluations on the validation set and the test set; 0: at the end only.</param>
/// <param name="QuorumTimeout">How long to wait for missing slots before the run ends with exit code 69.</param>
/// <param name="Respawn">Time between a death and the slot's next session; <c>never</c>: it does not come back.</param>
/// <param name="CheckpointEvery">Rounds between snapshots; 0: only when the run is interrupted.</param>
/// <param name="Slow">Rehearsed delays, as in <c>--slow</c>; empty: none.</param>
/// <param name="Link">Rehearsed latency and rate of links, as in <c>--link</c>; empty: none.</param>
/// <param name="Pace">How much longer emulated computations of slots take, as in <c>--pace</c>; empty: as stated.</param>
/// <param name="Kill">Rehearsed deaths, as in <c>--kill</c>; empty: none.</param>
/// <param name="Validation">Rows to choose models by; absent: none.</param>
/// <param name="Stop">Which model is best, and when to end early; absent: the loss says so, and the run goes to its last round.</param>
/// <param name="Clip">Bounds on the gradient; absent: none.</param>
/// <param name="Initial">A safetensors file to start from; absent: the objective's own start.</param>
public sealed record RunSpec(
    [property: Range(1, 1)] int Version,
    [property: JsonConverter(typeof(DataSpecConverter))] DataSpec Data,
    [property: JsonConverter(typeof(ObjectiveSpecConverter))] ObjectiveSpec Objective,
    CodeSpec Code,
    [property: JsonConverter(typeof(OptimizerSpecConverter))] OptimizerSpec Optimizer,
    [property: Range(1, 1_000_000_000)] long Rounds,
    StrategySpec? Strategy = null,
    string Compress = "none",
    string? Mixer = null,
    [property: Range(0, int.MaxValue)] int Samples = 0,
    ulong Seed = 1,
    string Compute = "measured",
    [property: AllowedValues("auto", "managed", "blas")] string Kernels = "auto",
    [property: Range(1, 1_000_000_000)] long HashEvery = 50,
    [property: Range(0, 1_000_000_000)] long EvaluateEvery = 0,
    string QuorumTimeout = "300s",
    string Respawn = "0ms",
    [property: Range(0, 1_000_000_000)] long CheckpointEvery = 0,
    string Slow = "",
    string Link = "",
    string Pace = "",
    string Kill = "",
    ValidationSpec? Validation = null,
    StopSpec? Stop = null,
    ClipSpec? Clip = null,
    string? Initial = null)
{
    /// <summary>The training method; <c>coded-descent</c> if none is named.</summary>
    public StrategySpec Strategy { get; init; } = Strategy ?? new StrategySpec();
}

/// <summary>The gradient code. Which of the optional keys a code uses is listed by <c>sidestep catalog codes</c>; others are refused.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="Workers">Number of slots (n).</param>
/// <param name="Stragglers">Slots that may be missing in any round (s).</param>
/// <param name="Seed">Seed of the table's own draw.</param>
/// <param name="Blocks">Number of coordinate blocks.</param>
/// <param name="MaxAmplification">Refuse the code if it amplifies rounding by more.</param>
/// <param name="Rescale">Whether a code that gives up on stragglers scales what arrived to the whole.</param>
/// <param name="Chunks">Pieces of a worker's part that idle workers can take over one by one (<c>reissue</c>).</param>
/// <param name="MaxOverhead">Most duplicate computations of chunks in a round, as a share of all chunks; not given: no bound.</param>
/// <param name="Shards">Shards per worker (<c>dynamic-shards</c>).</param>
/// <param name="Depth">Shards in a worker's hands, so that the next is there when one is done.</param>
/// <param name="Duplicate">Whether idle workers repeat shards that slower ones have begun.</param>
/// <param name="Reissue">Whether rows of an exact code are computed by others when more slots are gone than it tolerates; not given: yes, unless a compressor with memory is used.</param>
/// <param name="Weight">Most blocks a line mixes (<c>greedy-lines</c>); not given: pairs only.</param>
/// <param name="Groups">Data groups of a derivative code, each with its own partition of the data and its own workers.</param>
/// <param name="Requests">Whether idle workers compute the most informative lines of lost and late ones (derivative codes).</param>
/// <param name="Lossy">Whether lines without full rank are accepted: every round is then a projection (<c>greedy-lines</c>, <c>directions</c>).</param>
/// <param name="Load">Partitions each worker computes (d).</param>
/// <param name="Reduction">By how much messages are shorter (m); 1/m of the bytes are sent.</param>
/// <param name="Inner">The inner code (<c>grouped-linear</c>): <c>gaussian</c>, <c>repetition</c>, <c>split</c>, <c>parity</c>, <c>integer-4-2</c>, <c>triangle-6-3</c> or <c>hamming-7-4</c>.</param>
/// <param name="Construction">How the table is made (<c>ye-abbe</c>): <c>gaussian</c> or <c>polynomial</c>.</param>
/// <param name="File">CSV or JSON file of the lines, a row of numbers per worker of a group (<c>directions</c>).</param>
/// <param name="Fingerprint">Of that file, filled in when a run begins: a node whose file differs refuses.</param>
/// <param name="Messages">Derivative codes over networks: <c>joint</c>, one message a worker for the whole model, or <c>layers</c>, one a layer, sent while the backward pass goes on.</param>
/// <param name="Cut">Derivative codes over networks: weight matrices are cut into blocks by <c>rows</c> (outputs), <c>columns</c> (inputs) or <c>both</c>.</param>
public sealed record CodeSpec(
    string Name,
    [property: Range(1, 4096)] int Workers,
    [property: Range(0, 4095)] int Stragglers = 0,
    ulong? Seed = null,
    [property: Range(1, 4096)] int? Blocks = null,
    [property: Range(1, 1e9)] double? MaxAmplification = null,
    bool? Rescale = null,
    [property: Range(1, 4096)] int? Chunks = null,
    [property: Range(0, 1e6)] double? MaxOverhead = null,
    [property: Range(1, 4096)] int? Shards = null,
    [property: Range(1, 16)] int? Depth = null,
    bool? Duplicate = null,
    bool? Reissue = null,
    [property: Range(1, 64)] int? Weight = null,
    [property: Range(1, 4096)] int? Groups = null,
    bool? Requests = null,
    bool? Lossy = null,
    [property: Range(1, 4096)] int? Load = null,
    [property: Range(1, 4096)] int? Reduction = null,
    string? Inner = null,
    string? Construction = null,
    string? File = null,
    string? Fingerprint = null,
    [property: AllowedValues("joint", "layers")] string? Messages = null,
    [property: AllowedValues("rows", "columns", "both")] string? Cut = null);

/// <summary>The training method.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="MaxStaleness">Largest staleness that is applied (<c>async-descent</c>).</param>
/// <param name="Steps">Local steps per round (<c>local-descent</c>).</param>
/// <param name="Slack">Clocks a worker may be ahead of the slowest (<c>stale-synchronous</c>).</param>
/// <param name="Policy">What moves the model: every share at once (<c>immediate</c>), or versions when they are decoded (<c>round</c>).</param>
/// <param name="StepRule">How steps depend on staleness: <c>constant</c>, <c>staleness-aware</c>, <c>adadelay(c)</c>, <c>delay-cap(L)</c> or <c>drop</c>.</param>
/// <param name="Shares">Shares an update waits for (immediate), or with which a version takes effect, decoded or not (round).</param>
/// <param name="Scale">Makes up for shares that never count: 1/(1 − q) for a part q of them (immediate).</param>
/// <param name="Deadline">When the version that is first in line takes effect with what has come (round), such as <c>200ms</c>.</param>
/// <param name="Early">Whether blocks are applied as soon as they are known (round).</param>
public sealed record StrategySpec(
    string Name = "coded-descent",
    [property: Range(0, 1_000_000)] int? MaxStaleness = null,
    [property: Range(1, 1_000_000)] int? Steps = null,
    [property: Range(0, 1_000_000)] int? Slack = null,
    [property: AllowedValues("immediate", "round")] string? Policy = null,
    string? StepRule = null,
    [property: Range(1, 1_000_000)] int? Shares = null,
    [property: Range(0, 1e9)] double? Scale = null,
    string? Deadline = null,
    bool? Early = null);
