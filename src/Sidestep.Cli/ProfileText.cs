using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A profile for people.</summary>
internal static class ProfileText
{
    private const int LongestLaw = 60;

    public static void Print(TextWriter output, LatencyProfile profile)
    {
        var run = profile.Run;
        output.WriteLine(Text($"{run.Rounds} rounds of {run.Code} on {profile.Workers.Length} workers, model {run.ModelBytes} bytes, compute {run.Compute}{(run.Slow.Length == 0 ? string.Empty : $", slow {run.Slow}")}"));
        output.WriteLine(Text($"round        mean {run.Round.Mean:0.00} ms, p50 {run.Round.P50:0.00}, p95 {run.Round.P95:0.00}, p99 {run.Round.P99:0.00}"));
        output.WriteLine();
        output.WriteLine("                                 mean        p50        p95        p99  samples     KS  law");
        foreach (var worker in profile.Workers)
        {
            Line(output, $"slot {worker.Slot}", "compute", worker.Compute);
            Line(output, string.Empty, "late start", worker.Start);
            Line(output, string.Empty, "upload", worker.Upload);
            if (worker.Weather is { } weather)
            {
                Line(output, string.Empty, "rehearsed", weather);
            }

            if (worker.DeathsPerSecond > 0)
            {
                output.WriteLine(Text($"{string.Empty,-9}deaths       {worker.DeathsPerSecond:0.####} per second"));
            }
        }

        Line(output, "", "coordinator", profile.Coordinator);
        output.WriteLine();
        output.WriteLine("milliseconds; compute: one partition; late start: model sent to computation begun, of an idle worker; upload: computation ended to share arrived.");
        output.WriteLine("KS: largest difference between measured and fitted shares of delays; trace: no law fits, the delays are replayed.");
    }

    private static void Line(TextWriter output, string who, string what, ProfileLaw law)
    {
        var times = law.Milliseconds;
        var text = law.Law.Length <= LongestLaw ? law.Law : law.Law[..LongestLaw] + "…";
        var notes = (law.Pooled ? " (all workers)" : string.Empty) + (law.Cut > 0 ? Text($" ({law.Cut} cut short)") : string.Empty);
        output.WriteLine(Text(
            $"{who,-9}{what,-12} {times.Mean,15:0.000} {times.P50,10:0.000} {times.P95,10:0.000} {times.P99,10:0.000} {law.Samples,8} {law.Distance,6:0.000}  {text}{notes}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
