using System.Globalization;
using Sidestep.Cli.Report;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>What the lanes came to, read from their result files.</summary>
internal static class DemoVerdict
{
    public static DemoView Of(DemoRuns runs)
    {
        var verdicts = DemoLane.All.Select(lane => Verdict(runs, lane)).ToArray();
        var cheapest = verdicts.Where(v => v.Weather && v.Exact).MinBy(v => v.Seconds);
        return new DemoView(
            true, Path.GetFullPath(runs.Folder), verdicts, runs.ResultOf(DemoLane.WaitForAll).Ledger?.Costliest?.Worker, cheapest?.Lane, [.. Findings(runs, verdicts, cheapest)]);
    }

    private static VerdictView Verdict(DemoRuns runs, DemoLane lane)
    {
        var result = runs.ResultOf(lane);
        var reference = lane.Reference == lane ? result : runs.ResultOf(lane.Reference);
        var seconds = RoundSeconds(runs, lane);
        return new VerdictView(
            lane.Title,
            lane.Code,
            lane.Bad,
            result.Rounds,
            seconds.Sum(),
            seconds.Average() * 1000,
            seconds[(((seconds.Length * 99) + 99) / 100) - 1] * 1000,
            Work(result),
            result.Workers.Sum(w => w.Deaths),
            result.TrajectoryHash,
            reference.TrajectoryHash,
            result.TrajectoryHash == reference.TrajectoryHash,
            result.Accuracy,
            runs.FolderOf(lane));
    }

    // In ascending order. Processes start in the first round, which says nothing of the scheme.
    private static double[] RoundSeconds(DemoRuns runs, DemoLane lane) =>
        [.. MetricsTable.Load(Path.Combine(runs.FolderOf(lane), "metrics.csv"))["seconds"].Skip(1).Order()];

    // The ledger's surplus is the part of all computing that lies beyond one pass.
    private static double Work(RunResult result) => result switch
    {
        { WorkOverhead: { } overhead } => 1 + overhead,
        { Ledger: { ExtraWorkerSeconds: > 0 } ledger } => result.Compute / (result.Compute - ledger.ExtraWorkerSeconds),
        _ => 1,
    };

    private static IEnumerable<string> Findings(DemoRuns runs, VerdictView[] verdicts, VerdictView? cheapest)
    {
        VerdictView calm = verdicts[0], waiting = verdicts[1];
        if (runs.ResultOf(DemoLane.WaitForAll).Ledger is { } ledger)
        {
            yield return Text($"who was slow   while all waited for all, {LedgerText.Costliest(ledger)}");
        }

        yield return Text($"what it cost   waiting took {waiting.Seconds:0.0} s where the undisturbed run took {calm.Seconds:0.0} s: {waiting.Seconds / calm.Seconds:0.0} times as long");
        foreach (var exact in verdicts.Where(v => v.Weather && v.Exact && v != waiting))
        {
            var label = exact.Seconds < waiting.Seconds ? "what helps     " : "what does not  ";
            yield return Text($"{label}{exact.Lane}: {exact.Seconds:0.0} s instead of {waiting.Seconds:0.0} s, to the same bytes, for {exact.Work:0.00} times the computing{Proven(exact)}");
        }

        foreach (var inexact in verdicts.Where(v => !v.Exact))
        {
            yield return Text($"what does not  {inexact.Lane}: quick, but the late workers' data were left out of the model, and no two runs are alike");
        }

        if (cheapest is not null)
        {
            yield return Text($"what to take   {cheapest.Lane}: the least time of the exact rows, {waiting.Seconds / cheapest.Seconds:0.0} times faster than waiting (all use the same nine workers, so the fewest worker-seconds too)");
        }
    }

    // What overtaken workers would have cost is not known to a lane's own ledger: it proves less than two lanes side by side show.
    private static string Proven(VerdictView lane) => RunResult.Load(Path.Combine(lane.Folder, "result.json")).Ledger is { SavedSeconds: > 0.01 } ledger
        ? $" (even by its own ledger alone, {LedgerText.Saved(ledger, lane.Scheme)})"
        : string.Empty;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
