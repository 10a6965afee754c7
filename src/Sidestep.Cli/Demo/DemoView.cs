namespace Sidestep.Cli;

/// <summary>One line of the verdict.</summary>
/// <param name="Lane">What people call the scheme.</param>
/// <param name="Scheme">The code.</param>
/// <param name="Weather">Whether slots stalled and died.</param>
/// <param name="Rounds">Rounds done.</param>
/// <param name="Seconds">Seconds of all rounds together but the first, in which processes start; so the next two.</param>
/// <param name="MillisecondsPerRound">Mean milliseconds per round.</param>
/// <param name="MillisecondsP99">99 of 100 rounds took at most this.</param>
/// <param name="Work">Partitions computed in a round, in passes over the data.</param>
/// <param name="Deaths">Workers that died.</param>
/// <param name="TrajectoryHash">Of the run.</param>
/// <param name="ReferenceHash">Of the same training undisturbed.</param>
/// <param name="Exact">Whether they are the same.</param>
/// <param name="Accuracy">On the test set.</param>
/// <param name="Folder">Where the lane's results are.</param>
internal sealed record VerdictView(
    string Lane, string Scheme, bool Weather, long Rounds, double Seconds, double MillisecondsPerRound, double MillisecondsP99, double Work, long Deaths,
    string TrajectoryHash, string ReferenceHash, bool Exact, double? Accuracy, string Folder);

/// <summary>The run during which the user killed workers.</summary>
/// <param name="Rounds">Rounds done.</param>
/// <param name="Deaths">Workers that died.</param>
/// <param name="SameHash">Whether it has the bytes of the undisturbed run.</param>
internal sealed record YourTurnView(long Rounds, long Deaths, bool SameHash);

/// <summary>What the demo came to.</summary>
/// <param name="Emulated">Computing time was emulated.</param>
/// <param name="Folder">Where every run's results are.</param>
/// <param name="Verdicts">The lines.</param>
/// <param name="CostliestWorker">The worker that cost most while all waited for all; null: none stands out.</param>
/// <param name="CheapestExact">The lane that took the least time in bad weather with the exact bytes; null: none had them.</param>
/// <param name="Findings">What a reader should take home, as sentences.</param>
/// <param name="YourTurn">The run during which the user killed workers; null: there was none.</param>
internal sealed record DemoView(
    bool Emulated, string Folder, IReadOnlyList<VerdictView> Verdicts, int? CostliestWorker, string? CheapestExact, IReadOnlyList<string> Findings,
    YourTurnView? YourTurn = null);
