using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidestep.Simulation;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Runs a spec on a fabric and writes its results.</summary>
/// <remarks><code>using var folder = RunFolder.Open("runs/first", FolderMode.Fresh);
/// var result = await RunExecutor.RunAsync(new RunRequest { Spec = SpecFile.Load("spec.json"), Folder = folder });</code></remarks>
public static class RunExecutor
{
    // Keys that may differ between a run and its continuation: they do not change what is computed.
    private static readonly string[] Free =
        ["rounds", "checkpointEvery", "evaluateEvery", "quorumTimeout", "respawn", "slow", "link", "pace", "kill", "compute", "stop"];

    /// <summary>Runs until the rounds are done, the run is drained, or too many slots are missing for too long; then writes <c>result.json</c>.</summary>
    /// <param name="request">What to run.</param>
    /// <returns>The result; <see cref="RunResult.ExitCode"/> says how it ended.</returns>
    /// <exception cref="SidestepException">The run could not start, or a node failed.</exception>
    public static async Task<RunResult> RunAsync(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var folder = request.Folder;
        using var planned = RunPlanner.Build(request.Spec, stop: request.Stop);
        if (request.Resume)
        {
            RequireSame(folder.Spec, planned.Resolved);
        }

        DurableFile.Write(folder.Spec, file => file.Write(Encoding.UTF8.GetBytes(planned.Resolved.Json)));
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(request.Drain);
        var plan = planned.Plan with
        {
            Checkpoints = new RunCheckpoints(folder, planned),
            Drain = drain.Token,
        };
        var state = planned.Strategy.Create(plan, Slots.Coordinator);
        if (request.Resume)
        {
            StateFile.Load(folder.State, state);
        }

        var ledger = new RunLedger(LedgerBasis.Of(planned.Strategy, plan));
        var faults = new FaultLedger(plan.Workers, plan.Code.Guarantee.Stragglers, planned.Respawn, drain.Cancel);
        request.Planned?.Invoke(planned, ledger);
        long? resumedFrom = request.Resume ? state.Round : null;
        if (request.Capture && request.Fabric != "tcp")
        {
            throw new ConfigurationException($"frames can be captured on fabric tcp only, not on {request.Fabric}: leave the capture out, or use tcp");
        }

        using var frames = request.Capture ? new FramesFile(folder.Frames) : null;
        var fabric = Fabrics.Create(request, planned, frames);
        using var telemetry = new RunTelemetry(planned, fabric.Name, request.Log);
        var began = TimeProvider.System.GetTimestamp();
        using (var events = new EventsFile(folder.Events))
        using (var metrics = new MetricsFile(folder.Metrics, plan.Evaluations.SelectMany(set => set.Metrics.Select(set.FullName))))
        {
            var options = planned.Fabric(plan, happened =>
            {
                ledger.Hear(happened);
                faults.Hear(happened);
                metrics.Hear(happened);
                events.Hear(happened);
                telemetry.Hear(happened);
                request.Listener?.Invoke(happened);
            }) with
            {
                Faulted = (slot, reason) =>
                {
                    telemetry.Faulted(slot, reason);
                    request.Faulted?.Invoke(slot, reason);
                    return faults.Judge(slot, reason);
                },
            };
            await fabric.RunAsync(
                options,
                (node, stop) => planned.Strategy.RunAsync(node, state, stop),
                (node, stop) => planned.Strategy.RunAsync(node, planned.Strategy.Create(plan, node.Id), stop),
                request.Stop).ConfigureAwait(false);
        }

        telemetry.End(state);
        var elapsed = fabric is SimFabric sim ? sim.Elapsed : TimeProvider.System.GetElapsedTime(began);
        var samples = planned.SamplesPerRound * (state.Round - (resumedFrom ?? 0)) / elapsed.TotalSeconds;
        var result = Result(planned with { Plan = plan }, state, ledger, fabric, elapsed) with
        {
            ResumedFrom = resumedFrom,
            Faults = faults.Results(),
            SamplesPerSecond = Known(samples),
            TokensPerSecond = planned.TokensPerSample > 0 ? Known(samples * planned.TokensPerSample) : null,
        };
        if (faults.Ending.Length > 0 && state.Status == RunStatus.Preempted)
        {
            result = result with { Status = RunResult.ObjectiveFailed, Reason = $"{state.Reason}: {faults.Ending}" };
        }

        DurableFile.Write(folder.Result, file => file.Write(Encoding.UTF8.GetBytes(result.ToJson())));
        return result;
    }

    private static RunResult Result(PlannedRun run, IRunState state, RunLedger ledger, IFabric fabric, TimeSpan elapsed)
    {
        ledger.Close();
        var (compute, wait, decode) = ledger.Seconds();
        var bytes = fabric.Bytes;
        var sets = Sets(ledger.Metrics());
        return new RunResult
        {
            Status = JsonNamingPolicy.KebabCaseLower.ConvertName(state.Status.ToString()),
            Reason = state.Reason,
            Exactness = $"E{(int)run.Exactness}",
            Fabric = fabric.Name,
            Seed = run.Plan.Seed,
            Rounds = state.Round,
            Loss = Measured(sets, "loss") ?? Known(ledger.TrainLoss),
            Accuracy = Measured(sets, "accuracy"),
            TrainLoss = Known(ledger.TrainLoss),
            Metrics = sets.Count == 0 ? null : sets,
            Best = state.Best is { } best ? new BestResult(best.Round, best.Metric, best.Value) : null,
            WorkOverhead = OverheadOf(run.Plan.Code.Table, ledger),
            ClippedRounds = run.Plan.Clip is null || run.Strategy is LocalDescent ? null : ledger.ClippedRounds,
            Uneven = ledger.Uneven,
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
            Ledger = ledger.Result(),
            Workers = ledger.Workers(),
            Spec = run.Resolved.Spec,
            Model = state.Model,
            Shape = run.Plan.Shape,
        };
    }

    // Where each partition is a row that anybody can be asked for, rows begun are partitions computed.
    private static double? OverheadOf(CodeTable<float> table, RunLedger ledger) =>
        ledger.Rounds > 0 && table.Rows.Length == (long)table.Workers * table.Partitions && table.Rows.Any(r => r.OnRequest)
            ? (ledger.Computations / ((double)table.Partitions * ledger.Rounds)) - 1
            : null;

    private static Dictionary<string, IReadOnlyDictionary<string, double>> Sets(IReadOnlyList<Metric> metrics) => metrics
        .Where(m => double.IsFinite(m.Value))
        .Select(m => (Dot: m.Name.IndexOf('.', StringComparison.Ordinal), Metric: m))
        .GroupBy(m => m.Metric.Name[..m.Dot], StringComparer.Ordinal)
        .ToDictionary(
            set => set.Key,
            IReadOnlyDictionary<string, double> (set) => set.ToDictionary(m => m.Metric.Name[(m.Dot + 1)..], m => m.Metric.Value, StringComparer.Ordinal),
            StringComparer.Ordinal);

    // On the test set, or else on the validation set.
    private static double? Measured(Dictionary<string, IReadOnlyDictionary<string, double>> sets, string name) =>
        sets.Values.Reverse().FirstOrDefault(set => set.ContainsKey(name))?[name];

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
