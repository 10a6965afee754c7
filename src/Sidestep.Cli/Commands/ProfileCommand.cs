using System.CommandLine;
using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep profile RUN</c>: fits the laws of a run's delays.</summary>
internal static class ProfileCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var target = new Option<string?>("--out", "-o") { Description = "File for the profile; default: none is written." };
        var warmUp = new Option<int>("--warm-up") { Description = "Rounds to leave out at the start.", DefaultValueFactory = _ => ProfileFitting.DefaultWarmUp };
        var json = Flags.Json();
        var command = new Command("profile", "Fits latency laws to a run: compute, late start and upload of every worker.") { run, target, warmUp, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(warmUp) < 0)
            {
                result.AddError("--warm-up must be 0 or more.");
            }
        });
        command.SetAction(parsed =>
        {
            var profile = ProfileFitting.FromRun(parsed.GetValue(run)!, parsed.GetValue(warmUp), terminal.Trainer.Catalog);
            Report(terminal, profile, parsed.GetValue(target), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    /// <summary>Writes the profile to the file, and prints it.</summary>
    public static void Report(Terminal terminal, LatencyProfile profile, string? target, bool asJson)
    {
        if (target is not null)
        {
            Write(target, profile);
        }

        foreach (var doubt in ProfileFitting.Doubts(profile))
        {
            terminal.Error.WriteLine($"note: {doubt}");
        }

        if (asJson)
        {
            terminal.Out.Write(profile.ToJson());
            return;
        }

        ProfileText.Print(terminal.Out, profile);
        if (target is not null)
        {
            terminal.Out.WriteLine($"written to {Path.GetFullPath(target)}; what it predicts: sidestep simulate {target}");
        }
    }

    private static void Write(string target, LatencyProfile profile)
    {
        try
        {
            File.WriteAllText(target, profile.ToJson(), new UTF8Encoding(false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{target} cannot be written: {error.Message}", 73, error);
        }
    }
}
