using System.Globalization;
using Sidestep.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sidestep.Cli;

/// <summary>The live table of a run.</summary>
internal static class LiveTable
{
    private const int MostRows = 24;
    private const int LeastRows = 3;

    // Lines beside the rows of slots: the frame, the chart, and what is written above and below.
    private const int OtherLines = 20;

    public static string Title(PlannedRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Strategy.Name} over {run.Plan.Code.Name}: {run.Plan.Workers} workers, {run.Plan.Code.Guarantee.Stragglers} may be missing; "
        + $"class E{(int)run.Exactness}; {run.Plan.Shape.Length} parameters{(run.Network is { } n ? $"; {NetworkText.Cost(n)}" : string.Empty)}{(run.Compute.PerPartition is null ? string.Empty : "; emulated compute")}");

    /// <summary>What a person watches.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ledger">What happened so far.</param>
    /// <param name="columns">Characters a line may have.</param>
    /// <param name="height">Lines the terminal has; of many slots only the first are shown.</param>
    /// <param name="isUnicode">Whether the terminal shows more than ASCII.</param>
    public static IRenderable Of(PlannedRun run, RunLedger ledger, int columns, int height, bool isUnicode)
    {
        var seconds = ledger.RoundSeconds();
        var caption = Text(
            $"round {ledger.Rounds}/{run.Plan.Rounds}  loss {ledger.TrainLoss:0.####}  {seconds.P50 * 1000:0.#} ms/round (p99 {seconds.P99 * 1000:0.#})  {Speed(run, seconds.Mean)}");
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in (string[])["slot", "shares", "late", "deaths", "compute s", "upload s", "late start s", "wasted s", "cost the run s"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        var workers = ledger.Workers();
        var shown = Math.Min(workers.Count, Math.Clamp(height - OtherLines, LeastRows, MostRows));
        foreach (var worker in workers.Take(shown))
        {
            table.AddRow(
                Text($"{worker.Id}"), Text($"{worker.Shares}"), Text($"{worker.Late}"), Text($"{worker.Deaths}"), Text($"{worker.ComputeSeconds:0.0}"),
                Text($"{worker.UploadSeconds:0.0}"), Text($"{worker.LateStartSeconds:0.0}"), Text($"{worker.WastedSeconds:0.0}"),
                Text($"{worker.DelaySeconds + worker.AvoidedSeconds:0.0}"));
        }

        if (shown < workers.Count)
        {
            caption = $"… and {workers.Count - shown} slots more\n{caption}";
        }

        var costs = ledger.Result();
        var lines = new List<IRenderable>([new Text(Title(run)), .. run.Notes.Select(n => new Text(n)), .. run.Warnings.Select(w => new Text($"warning: {w}")), table, new Text(caption)]);
        lines.AddRange(ledger.Uneven is { } uneven ? [new Text($"warning: {uneven}")] : []);
        lines.AddRange(LossChart.Lines(ledger.Losses(), columns, isUnicode).Select(line => new Text(line)));
        lines.AddRange(MetricText.Lines(ledger.Metrics()).Select(line => new Text(line)));
        if (ledger.Best is { } best)
        {
            lines.Add(new Text(MetricText.Best(best.Round, best.Metric, best.Value)));
        }

        lines.Add(new Text($"{LedgerText.Costliest(costs)}; {LedgerText.Saved(costs, run.Plan.Code.Name)}"));
        return new Rows(lines);
    }

    private static string Speed(PlannedRun run, double seconds)
    {
        var samples = seconds > 0 ? run.SamplesPerRound / seconds : 0;
        return run.TokensPerSample > 0 ? Text($"{samples * run.TokensPerSample:0} tokens/s") : Text($"{samples:0.#} samples/s");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
