using System.Globalization;
using Sidestep.Hosting;
using Spectre.Console;

namespace Sidestep.Cli;

/// <summary>Runs a spec and shows how it goes: a live table for a person, plain lines otherwise.</summary>
internal static class LiveRun
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    public static RunResult Run(RunRequest request, Terminal terminal, bool quiet)
    {
        if (quiet)
        {
            return RunExecutor.RunAsync(request with { Planned = (planned, _) => Warn(planned, terminal.Error) }).GetAwaiter().GetResult();
        }

        return terminal.IsInteractive ? Table(request, terminal) : Lines(request, terminal);
    }

    private static void Warn(PlannedRun planned, TextWriter output)
    {
        foreach (var warning in planned.Warnings)
        {
            output.WriteLine($"warning: {warning}");
        }
    }

    private static RunResult Lines(RunRequest request, Terminal terminal)
    {
        var lines = new ProgressLines(terminal.Error);
        return RunExecutor.RunAsync(request with { Planned = lines.Begin, Listener = lines.Hear, Faulted = lines.Tell }).GetAwaiter().GetResult();
    }

    private static RunResult Table(RunRequest request, Terminal terminal)
    {
        PlannedRun? plan = null;
        RunLedger? ledger = null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        var run = Task.Run(() => RunExecutor.RunAsync(request with
        {
            Planned = (planned, sums) =>
            {
                plan = planned;
                Volatile.Write(ref ledger, sums);
            },
        }));
        console.Live(new Text("opening data …")).Start(live =>
        {
            while (!run.IsCompleted)
            {
                Show();
                Task.WaitAny([run], Refresh);
            }

            Show();

            void Show()
            {
                if (Volatile.Read(ref ledger) is { } sums)
                {
                    live.UpdateTarget(LiveTable.Of(plan!, sums, console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode));
                }

                live.Refresh();
            }
        });
        return run.GetAwaiter().GetResult();
    }

    /// <summary>At most one line per second, and one whenever a further tenth of the rounds is done.</summary>
    private sealed class ProgressLines(TextWriter output)
    {
        private const double LeastSeconds = 1;

        private RunLedger? _ledger;
        private long _rounds;
        private long _tenths;
        private long _last = TimeProvider.System.GetTimestamp();

        public void Begin(PlannedRun planned, RunLedger ledger)
        {
            (_ledger, _rounds) = (ledger, planned.Plan.Rounds);
            output.WriteLine(LiveTable.Title(planned));
            foreach (var note in planned.Notes)
            {
                output.WriteLine(note);
            }

            Warn(planned, output);
        }

        public void Tell(int slot, string reason) => output.WriteLine($"slot {slot}: {reason}");

        private string Measured() => string.Concat(MetricText.Lines(_ledger!.Metrics()).Select(line => $"  {line}"));

        public void Hear(RunEvent happened)
        {
            if (happened.Phase != Phase.Round)
            {
                return;
            }

            var tenths = (happened.Round + 1) * 10 / _rounds;
            if (tenths > _tenths && TimeProvider.System.GetElapsedTime(_last).TotalSeconds >= LeastSeconds)
            {
                (_tenths, _last) = (tenths, TimeProvider.System.GetTimestamp());
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {happened.Round + 1}/{_rounds}  loss {happened.Value:0.####}  {_ledger!.RoundSeconds().P50 * 1000:0.#} ms/round  missing {_ledger.Missing}{Measured()}"));
            }
        }
    }
}
