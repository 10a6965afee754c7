using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidestep.Simulation;

namespace Sidestep.Hosting;

/// <summary>Runs a spec on a fabric and writes its results.</summary>
/// <remarks><code>using var folder = RunFolder.Open("runs/first", FolderMode.Fresh);
/// var result = await RunExecutor.RunAsync(new RunRequest { Spec = SpecFile.Load("spec.json"), Folder = folder });</code></remarks>
public static class RunExecutor
{
    // Keys that may differ between a run and its continuation: they do not change what is computed.
    private static readonly string[] Free =
        ["rounds", "checkpointEvery", "evaluateEvery", "quorumTimeout", "respawn", "slow", "kill", "compute"];

    /// <summary>Runs until the rounds are done, the run is drained, or too many slots are missing for too long; then writes <c>result.json</c>.</summary>
    /// <param name="request">What to run.</param>
    /// <returns>The result; <see cref="RunResult.ExitCode"/> says how it ended.</returns>
    /// <exception cref="SidestepException">The run could not start, or a node failed.</exception>
    public static async Task<RunResult> RunAsync(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var folder = request.Folder;
        var planned = RunPlanner.Build(request.Spec, stop: request.Stop);
        if (request.Resume)
        {
            RequireSame(folder.Spec, planned.Resolved);
        }

        DurableFile.Write(folder.Spec, file => file.Write(Encoding.UTF8.GetBytes(planned.Resolved.Json)));
        var plan = planned.Plan with
        {
            Checkpoints = new RunCheckpoints(folder.State, request.Spec.Spec.CheckpointEvery),
            Drain = request.Drain,
        };
        var state = planned.Strategy.Create(plan, Slots.Coordinator);
        if (request.Resume)
        {
            StateFile.Load(folder.State, state);
        }

        var ledger = new RunLedger(plan.Workers);
        request.Planned?.Invoke(planned, ledger);
        long? resumedFrom = request.Resume ? state.Round : null;
        if (request.Capture && request.Fabric != "tcp")
        {
            throw new ConfigurationException($"frames can be captured on fabric tcp only, not on {request.Fabric}: leave the capture out, or use tcp");
        }

        using var frames = request.Capture ? new FramesFile(folder.Frames) : null;
        var fabric = Fabrics.Create(request, planned, frames);
        var began = TimeProvider.System.GetTimestamp();
        using (var events = new EventsFile(folder.Events))
        using (var metrics = new MetricsFile(folder.Metrics))
        {
            var options = planned.Fabric(plan, happened =>
            {
                ledger.Hear(happened);
                metrics.Hear(happened);
                events.Hear(happened);
                request.Listener?.Invoke(happened);
            });
            await fabric.RunAsync(
                options,
                (node, stop) => planned.Strategy.RunAsync(node, state, stop),
                (node, stop) => planned.Strategy.RunAsync(node, planned.Strategy.Create(plan, node.Id), stop),
                request.Stop).ConfigureAwait(false);
        }

        var elapsed = fabric is SimFabric sim ? sim.Elapsed : TimeProvider.System.GetElapsedTime(began);
        var result = Result(planned with { Plan = plan }, state, ledger, fabric, elapsed) with { ResumedFrom = resumedFrom };
        DurableFile.Write(folder.Result, file => file.Write(Encoding.UTF8.GetBytes(result.ToJson())));
        return result;
    }

    private static RunResult Result(PlannedRun run, IRunState state, RunLedger ledger, IFabric fabric, TimeSpan elapsed)
    {
        var (compute, wait, decode) = ledger.Seconds();
        var bytes = fabric.Bytes;
        return new RunResult
        {
            Status = JsonNamingPolicy.KebabCaseLower.ConvertName(state.Status.ToString()),
            Reason = state.Reason,
            Exactness = $"E{(int)run.Strategy.Exactness(run.Plan)}",
            Fabric = fabric.Name,
            Seed = run.Plan.Seed,
            Rounds = state.Round,
            Loss = Known(double.IsNaN(ledger.TestLoss) ? ledger.TrainLoss : ledger.TestLoss),
            Accuracy = Known(ledger.Accuracy),
            TrainLoss = Known(ledger.TrainLoss),
            TrajectoryHash = state.TrajectoryHash,
            TraceHash = (fabric as SimFabric)?.TraceHash,
            Seconds = elapsed.TotalSeconds,
            RoundSeconds = ledger.RoundSeconds(),
            Bytes = new RunBytes(bytes.PayloadSent, bytes.PayloadReceived, bytes.FrameSent, bytes.FrameReceived),
            Compute = compute,
            Wait = wait,
            Decode = decode,
            Emulated = fabric is SimFabric || run.Compute.PerPartition is not null,
            NumericClass = run.NumericClass,
            SpecHash = run.Resolved.Hash,
            Workers = ledger.Workers(),
            Spec = run.Resolved.Spec,
        };
    }

    // JSON has no NaN and no infinity.
    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static void RequireSame(string path, ResolvedSpec spec)
    {
        JsonObject before;
        try
        {
            before = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new DataException($"{path} does not say what was run: {error.Message}");
        }

        var now = JsonNode.Parse(spec.Json)!.AsObject();
        foreach (var key in now.Select(p => p.Key).Union(before.Select(p => p.Key)).Except(Free))
        {
            if (!JsonNode.DeepEquals(now[key], before[key]))
            {
                throw new ConfigurationException(
                    $"{key} is {Shown(now[key])}, but the run in {Path.GetDirectoryName(path)} has {Shown(before[key])}: a run is continued with the spec it began with");
            }
        }
    }

    private static string Shown(JsonNode? node) => node?.ToJsonString() ?? "absent";
}
