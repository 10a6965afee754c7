using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>A ledger in sentences.</summary>
public static class LedgerText
{
    // Less than this is noise of the estimate.
    private const double Least = 0.01;

    /// <summary>Who cost most and what the code did about it: <c>worker 7 cost 41 s: 70 % compute, 25 % upload, 5 % late start; 33 s of it were not waited for</c>.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <returns>A sentence without a full stop, or that nobody stands out.</returns>
    public static string Costliest(LedgerResult ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        if (ledger.Costliest is not { } worst)
        {
            return "no worker stands out";
        }

        var causes = ((double Part, string Name)[])
        [
            (worst.Compute, "compute"), (worst.Weather, "rehearsed weather"), (worst.Upload, "upload"), (worst.LateStart, "late start"), (worst.Away, "being dead"),
        ];
        var parts = string.Join(", ", causes.Where(c => c.Part >= 0.005).OrderByDescending(c => c.Part).Select(c => Text($"{c.Part * 100:0} % {c.Name}")));
        var spared = worst.AvoidedSeconds >= Least ? Text($"; {Seconds(worst.AvoidedSeconds)} of it, at least, were not waited for") : string.Empty;
        return Text($"worker {worst.Worker} cost the run {Seconds(worst.Seconds)}{(parts.Length > 0 ? ": " : string.Empty)}{parts}{spared}");
    }

    /// <summary>Which worker was silent most: <c>worker 3 gave nothing in 30 of 30 rounds</c>.</summary>
    /// <remarks>A worker that is overtaken gives its work up, so what waiting for it would have cost is not known: the ledger names no cost for it.</remarks>
    /// <param name="workers">All workers.</param>
    /// <param name="rounds">Rounds done.</param>
    /// <returns>A sentence without a full stop, or empty if nobody was silent in a tenth of the rounds.</returns>
    public static string Silent(IReadOnlyList<WorkerResult> workers, long rounds)
    {
        ArgumentNullException.ThrowIfNull(workers);
        return workers.MaxBy(w => w.RoundsSilent) is { RoundsSilent: > 0 } worst && worst.RoundsSilent * 10 >= rounds
            ? Text($"worker {worst.Id} gave nothing in {worst.RoundsSilent} of {rounds} rounds, dead or overtaken: what waiting for it would have cost is not known")
            : string.Empty;
    }

    /// <summary>What redundancy saved or lost: <c>redundancy saved at least 33 s (264 worker-seconds) and computed 12 worker-seconds more than one pass</c>.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="code">Name of the code.</param>
    public static string Saved(LedgerResult ledger, string code)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var extra = ledger.ExtraWorkerSeconds >= Least
            ? Text($"{Seconds(ledger.ExtraWorkerSeconds)} of computing beyond one pass over the data")
            : "no computing beyond one pass over the data";
        return ledger.SavedSeconds switch
        {
            >= Least => Text($"{code} saved at least {Seconds(ledger.SavedSeconds)} against waiting for all ({Seconds(ledger.SavedWorkerSeconds)} of all workers together), for {extra}"),
            <= -Least => Text($"{code} lost at most {Seconds(-ledger.SavedSeconds)} against waiting for all ({Seconds(-ledger.SavedWorkerSeconds)} of all workers together), with {extra}"),
            _ => Text($"{code} took as long as waiting for all, with {extra}"),
        };
    }

    private static string Seconds(double seconds) => seconds switch
    {
        < 9.95 => Text($"{seconds:0.0#} s"),
        < 99.5 => Text($"{seconds:0.#} s"),
        _ => Text($"{seconds:0} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
