using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A result for people.</summary>
internal static class ResultText
{
    public static void Print(TextWriter output, RunResult result, RunFolder folder)
    {
        var emulated = result.Emulated ? " (emulated compute)" : string.Empty;
        output.WriteLine(Text($"{result.Status} after {result.Rounds} rounds, {result.Seconds:0.00} s{emulated}, {result.RoundSeconds.Mean * 1000:0.0} ms/round (p99 {result.RoundSeconds.P99 * 1000:0.0})"));
        output.WriteLine(Text($"loss {result.Loss:0.####}{(result.Accuracy is { } accuracy ? Text($", accuracy {accuracy:0.0000}") : string.Empty)}; class {result.Exactness}; numeric class {result.NumericClass}"));
        foreach (var line in MetricText.Lines(result.Metrics))
        {
            output.WriteLine(line);
        }

        if (result.Best is { } best)
        {
            output.WriteLine(MetricText.Best(best.Round, best.Metric, best.Value));
        }

        if (result.ClippedRounds is { } clipped)
        {
            output.WriteLine(Text($"gradients clipped in {clipped} round{(clipped == 1 ? string.Empty : "s")}"));
        }

        if (result.SamplesPerSecond is { } samples)
        {
            output.WriteLine(Text($"{samples:0.#} samples/s{(result.TokensPerSecond is { } tokens ? Text($", {tokens:0} tokens/s") : string.Empty)}"));
        }

        if (result.Uneven is { } uneven)
        {
            output.WriteLine($"warning: {uneven}");
        }

        output.WriteLine(Text($"payload bytes sent {result.Bytes.Sent}, received {result.Bytes.Received}; with frames {result.Bytes.FrameSent} and {result.Bytes.FrameReceived}"));
        output.WriteLine(Text($"workers computed {result.Compute:0.00} s; the coordinator waited {result.Wait:0.00} s and decoded {result.Decode:0.00} s"));
        foreach (var worker in result.Workers.Where(w => w.Deaths > 0))
        {
            output.WriteLine(Text($"slot {worker.Id} died {worker.Deaths} time{(worker.Deaths == 1 ? string.Empty : "s")}"));
        }

        foreach (var fault in result.Faults ?? [])
        {
            output.WriteLine(Text($"slot {fault.Slot}: its objective failed {fault.Count} time{(fault.Count == 1 ? string.Empty : "s")}{(fault.GivenUp ? ", and it was given up" : string.Empty)}; the last time: {fault.Last}"));
        }

        if (result.Workers.MaxBy(w => w.Late) is { Late: > 0 } slowest)
        {
            output.WriteLine(Text($"shares too late to be used: {result.Workers.Sum(w => w.Late)}, most from slot {slowest.Id} ({slowest.Late})"));
        }

        if (result.Ledger is { } ledger)
        {
            output.WriteLine(LedgerText.Costliest(ledger));
            output.WriteLine(LedgerText.Saved(ledger, result.Spec.Code.Name));
            if (LedgerText.Silent(result.Workers, result.Rounds) is { Length: > 0 } silent)
            {
                output.WriteLine(silent);
            }
        }

        output.WriteLine($"trajectory {result.TrajectoryHash}");
        output.WriteLine($"written to {folder.Path}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
