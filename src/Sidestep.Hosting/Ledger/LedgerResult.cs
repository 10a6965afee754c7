namespace Sidestep.Hosting;

/// <summary>What redundancy or reissue saved and cost in a run, and who cost it most. How it is estimated: <c>docs/ledger.md</c>.</summary>
/// <param name="SavedSeconds">Seconds the run would have taken longer, at least, had every round waited for all workers with one partition each; negative: seconds it lost, at most.</param>
/// <param name="SavedWorkerSeconds">The same in worker-seconds: times the workers that took part.</param>
/// <param name="ExtraWorkerSeconds">Seconds of computing beyond one pass over the partitions a round.</param>
/// <param name="Costliest">The worker that held up the run most; null: none stands out.</param>
public sealed record LedgerResult(double SavedSeconds, double SavedWorkerSeconds, double ExtraWorkerSeconds, CostliestWorker? Costliest = null);

/// <summary>The worker that cost a run most. The parts sum to 1.</summary>
/// <param name="Worker">The slot.</param>
/// <param name="Seconds">Seconds the others waited for it, and would have waited.</param>
/// <param name="AvoidedSeconds">How many of them were not waited, because the run went on without it.</param>
/// <param name="Compute">Part due to computing longer than usual.</param>
/// <param name="Upload">Part due to slow upload.</param>
/// <param name="LateStart">Part due to starting late.</param>
/// <param name="Weather">Part due to rehearsed weather.</param>
/// <param name="Away">Part due to being dead.</param>
public sealed record CostliestWorker(
    int Worker, double Seconds, double AvoidedSeconds, double Compute, double Upload, double LateStart, double Weather, double Away);
