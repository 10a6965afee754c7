using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sidestep.Hosting;

/// <summary>What the outside world can see of a run: measurements, a trace and a log.</summary>
internal sealed class RunTelemetry : IDisposable
{
    private readonly RunMeasures _measures;
    private readonly RunTrace _trace;
    private readonly RunLog? _log;

    public RunTelemetry(PlannedRun planned, string fabric, ILogger? log)
    {
        var plan = planned.Plan;
        _measures = new RunMeasures(new TagList { { "sidestep.code", plan.Code.Name }, { "sidestep.fabric", fabric } });
        _trace = new RunTrace(planned, fabric, TimeProvider.System);
        _log = log is null ? null : new RunLog(log);
        _log?.Begins(planned.Strategy.Name, plan.Code.Name, plan.Workers, fabric, plan.Rounds, planned.Resolved.Hash);
    }

    public void Hear(in RunEvent happened)
    {
        _measures.Hear(happened);
        _trace.Hear(happened);
        _log?.Hear(happened);
    }

    /// <summary>A worker's objective failed; from any thread.</summary>
    public void Faulted(int slot, string reason) => _log?.Faulted(slot, reason);

    public void End(IRunState state)
    {
        _trace.End(state);
        _log?.Ends(JsonNamingPolicy.KebabCaseLower.ConvertName(state.Status.ToString()), state.Round, state.TrajectoryHash, state.Reason);
    }

    public void Dispose() => _trace.Dispose();
}
