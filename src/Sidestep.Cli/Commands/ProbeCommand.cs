using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep probe SPEC</c>: measures the workers of a spec and writes their profile; trains nothing.</summary>
internal static class ProbeCommand
{
    public static Command Create(Terminal terminal)
    {
        var spec = new Argument<string>("SPEC") { Description = "A spec file; see docs/spec-format.md." };
        var rounds = new Option<long>("--rounds") { Description = "Rounds to measure.", DefaultValueFactory = _ => 200 };
        var fabric = new Option<string>("--fabric") { Description = "tcp (local processes), threads or sim.", DefaultValueFactory = _ => "tcp" };
        var target = new Option<string>("--out", "-o") { Description = "File for the profile.", DefaultValueFactory = _ => "profile.json" };
        var keep = new Option<string?>("--keep") { Description = "Folder to keep the probing run in; default: it is deleted." };
        var set = new Option<string[]>("--set") { Description = "Overrides a key of the spec: path=value. May be repeated." };
        var slow = new Option<string?>("--slow") { Description = "Rehearsed delays, as in 'sidestep run'." };
        var json = Flags.Json();
        var command = new Command("probe", "Measures the workers of a spec without training, prints their latency laws and writes them to a profile.")
        {
            spec, rounds, fabric, target, keep, set, slow, json,
        };
        command.SetAction(parsed =>
        {
            var overrides = new List<string>(parsed.GetValue(set) ?? []);
            if (parsed.GetValue(slow) is { } delays)
            {
                overrides.Add($"slow={JsonValue.Create(delays).ToJsonString()}");
            }

            var probe = ProbeSpec.Of(terminal.Trainer.Load(parsed.GetValue(spec)!, overrides), parsed.GetValue(rounds));
            var kept = parsed.GetValue(keep);
            var folder = kept ?? Directory.CreateTempSubdirectory("sidestep-probe-").FullName;
            try
            {
                if (Run(probe, folder, parsed.GetValue(fabric)!, terminal) is var code and not 0)
                {
                    return code;
                }

                ProfileCommand.Report(terminal, ProfileFitting.FromRun(folder, catalog: terminal.Trainer.Catalog), parsed.GetValue(target), parsed.GetValue(json));
                return 0;
            }
            finally
            {
                if (kept is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        });
        return command;
    }

    private static int Run(ResolvedSpec probe, string path, string fabric, Terminal terminal)
    {
        using var folder = RunFolder.Open(path, FolderMode.Fresh);
        using var signals = new Signals(terminal.Error);
        terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"probing {probe.Spec.Code.Workers} workers on {fabric}, {probe.Spec.Rounds} rounds …"));
        try
        {
            var result = RunExecutor.RunAsync(new RunRequest
            {
                Spec = probe,
                Folder = folder,
                Fabric = fabric,
                WorkerLaunch = terminal.Trainer.Workers,
                Drain = signals.Drain,
                Stop = signals.Stop,
            }).GetAwaiter().GetResult();
            if (result.Reason.Length > 0)
            {
                terminal.Error.WriteLine($"{result.Status}: {result.Reason}");
            }

            return result.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return RunCommand.Interrupted;
        }
    }
}
