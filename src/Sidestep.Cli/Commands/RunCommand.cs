using System.CommandLine;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep run SPEC</c>: trains.</summary>
internal static class RunCommand
{
    /// <summary>Ended at once by a second signal: as shells report an interrupted program.</summary>
    public const int Interrupted = 130;

    public static Command Create(Terminal terminal)
    {
        var flags = new RunFlags();
        var command = new Command("run", "Trains what a spec describes and writes result.json, metrics.csv and events.jsonl.");
        flags.AddTo(command);
        command.SetAction(parsed => Run(flags, parsed, terminal));
        return command;
    }

    private static int Run(RunFlags flags, ParseResult parsed, Terminal terminal)
    {
        var path = parsed.GetValue(flags.Spec)!;
        var spec = terminal.Trainer.Load(path, flags.Overrides(parsed));
        var target = parsed.GetValue(flags.Out) ?? RunFolder.NextFree("runs", Path.GetFileNameWithoutExtension(path));
        var resume = parsed.GetValue(flags.Resume);
        var mode = resume ? FolderMode.Resume : parsed.GetValue(flags.Force) ? FolderMode.Replace : FolderMode.Fresh;
        using var folder = RunFolder.Open(target, mode);
        using var signals = new Signals(terminal.Error, "draining: the run ends after this round and can be continued with --resume");
        var asJson = parsed.GetValue(flags.Json);
        using var telemetry = flags.Telemetry.Open(parsed);
        try
        {
            var request = new RunRequest
            {
                Spec = spec,
                Folder = folder,
                Fabric = parsed.GetValue(flags.Fabric)!,
                Port = parsed.GetValue(flags.Port),
                Capture = parsed.GetValue(flags.Capture),
                WorkerLaunch = terminal.Trainer.Workers,
                Resume = resume,
                Log = telemetry.Log,
                Drain = signals.Drain,
                Stop = signals.Stop,
            };
            var result = LiveRun.Run(request, telemetry.LogsToTerminal ? terminal with { IsInteractive = false } : terminal, quiet: asJson);
            if (asJson)
            {
                terminal.Out.WriteLine(result.ToJson());
            }
            else
            {
                ResultText.Print(terminal.Out, result, folder);
            }

            if (result.Reason.Length > 0)
            {
                terminal.Error.WriteLine($"{result.Status}: {result.Reason}");
            }

            return result.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine("ended at once; what was done since the last snapshot is lost");
            return Interrupted;
        }
    }
}
