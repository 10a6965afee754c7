using Microsoft.Extensions.Logging;

namespace Sidestep.Hosting;

/// <summary>What to run, where, and who watches.</summary>
public sealed record RunRequest
{
    /// <summary>The spec.</summary>
    public required ResolvedSpec Spec { get; init; }

    /// <summary>Where results go; the caller keeps it open until the run is over.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary><c>sim</c>, <c>threads</c> or <c>tcp</c>.</summary>
    public string Fabric { get; init; } = "threads";

    /// <summary>Port the coordinator listens on (tcp); 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether every frame of the coordinator's links goes to <see cref="RunFolder.Frames"/> (tcp).</summary>
    public bool Capture { get; init; }

    /// <summary>How to start worker processes (tcp); null: this program cannot.</summary>
    public WorkerLaunch? WorkerLaunch { get; init; }

    /// <summary>Whether to go on from the folder's snapshot.</summary>
    public bool Resume { get; init; }

    /// <summary>Told once, when the plan is made and before anything starts.</summary>
    public Action<PlannedRun, RunLedger>? Planned { get; init; }

    /// <summary>Hears every event after the ledger did; one at a time, on the coordinator's thread.</summary>
    public Action<RunEvent>? Listener { get; init; }

    /// <summary>Receives the run's log; null: no log.</summary>
    public ILogger? Log { get; init; }

    /// <summary>Told of every worker whose objective failed: slot and reason. Called from any thread.</summary>
    public Action<int, string>? Faulted { get; init; }

    /// <summary>Told the slot and the process id of every worker process that was started, those started again included (tcp). Called from any thread.</summary>
    public Action<int, int>? Started { get; init; }

    /// <summary>Ends the run at the next round boundary, with a snapshot.</summary>
    public CancellationToken Drain { get; init; }

    /// <summary>Ends everything at once.</summary>
    public CancellationToken Stop { get; init; }
}
