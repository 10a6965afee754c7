namespace Sidestep.Hosting;

/// <summary>How a hosted training stands.</summary>
public enum TrainingState
{
    /// <summary>The host has not started it, or data are being opened.</summary>
    Starting,

    /// <summary>Rounds are being done.</summary>
    Running,

    /// <summary>It ended; <see cref="TrainingProgress.Completion"/> has the result.</summary>
    Ended,

    /// <summary>It could not go on; <see cref="TrainingProgress.Completion"/> has the error.</summary>
    Failed,
}

/// <summary>A moment of a hosted training.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Round">Rounds done.</param>
/// <param name="Rounds">Rounds to do; 0 while starting.</param>
/// <param name="Loss">Mean training loss of the last round; null before the first.</param>
/// <param name="Missing">Slots that are missing.</param>
public sealed record TrainingMoment(TrainingState State, long Round, long Rounds, double? Loss, int Missing);

/// <summary>Watches a hosted training; a singleton of the service provider. Safe from any thread.</summary>
public sealed class TrainingProgress
{
    private readonly TaskCompletionSource<RunResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Running? _running;
    private volatile TrainingMoment? _last;

    /// <summary>The present moment.</summary>
    public TrainingMoment Now => _last ?? _running?.Moment(TrainingState.Running) ?? new TrainingMoment(TrainingState.Starting, 0, 0, null, 0);

    /// <summary>The result when the training has ended, drained ones with it; faults when it failed.</summary>
    public Task<RunResult> Completion => _completion.Task;

    /// <summary>Raised after every round, on the coordinator's thread: it must be quick.</summary>
    public event Action<TrainingMoment>? Advanced;

    internal void Begin(PlannedRun planned, RunLedger ledger) => _running = new Running(planned.Plan.Rounds, ledger);

    internal void Hear(in RunEvent happened)
    {
        if (happened.Phase == Phase.Round)
        {
            Advanced?.Invoke(Now);
        }
    }

    internal void End(RunResult result)
    {
        _last = _running!.Moment(TrainingState.Ended) with { Round = result.Rounds, Missing = 0 };
        _completion.TrySetResult(result);
    }

    internal void Fail(Exception error)
    {
        _last = Now with { State = TrainingState.Failed };
        _completion.TrySetException(error);

        // Whoever does not look at it has the host's own log.
        _ = _completion.Task.Exception;
    }

    private sealed record Running(long Rounds, RunLedger Ledger)
    {
        public TrainingMoment Moment(TrainingState state) => new(
            state, Ledger.Rounds, Rounds, double.IsFinite(Ledger.TrainLoss) ? Ledger.TrainLoss : null, Ledger.Missing);
    }
}
