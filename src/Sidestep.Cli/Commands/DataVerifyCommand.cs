using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>What a verification found.</summary>
/// <param name="Ok">Whether all is as it was written.</param>
/// <param name="Bytes">Bytes of the shards.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Wrong">What is wrong.</param>
internal sealed record VerifyView(bool Ok, long Bytes, double Seconds, IReadOnlyList<string> Wrong);

/// <summary><c>sidestep data verify DIR</c>: every byte against its checksum.</summary>
internal static class DataVerifyCommand
{
    private const int BadData = 65;
    private const int MostShown = 20;

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of an imported data set." };
        var json = Flags.Json();
        var command = new Command("verify", "Holds every byte of an imported data set against its checksums.") { folder, json };
        command.SetAction(parsed => Interrupt.Run(terminal, stop => Verify(terminal, parsed.GetValue(folder)!, parsed.GetValue(json), stop), "not all was verified"));
        return command;
    }

    private static int Verify(Terminal terminal, string folder, bool asJson, CancellationToken stop)
    {
        var manifest = ShardManifest.Load(folder);
        var (began, told) = (Stopwatch.GetTimestamp(), 0.0);
        var wrong = ShardVerify.Run(
            folder,
            (read, total) =>
            {
                var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (elapsed - told > 1)
                {
                    told = elapsed;
                    terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100.0 * read / total,3:0} %, {elapsed:0.0} s"));
                }
            },
            stop);
        var view = new VerifyView(wrong.Count == 0, manifest.Shards.Sum(s => s.Bytes), Stopwatch.GetElapsedTime(began).TotalSeconds, wrong);
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.VerifyView));
        }
        else if (view.Ok)
        {
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ok: {manifest.Shards.Length} shards, {manifest.Rows} rows, {ByteSize.Format(view.Bytes)} in {view.Seconds:0.00} s ({view.Bytes / 1e6 / view.Seconds:0} MB/s); fingerprint {manifest.Fingerprint}"));
        }

        foreach (var line in wrong.Take(MostShown))
        {
            terminal.Error.WriteLine($"error: {line}");
        }

        if (wrong.Count > MostShown)
        {
            terminal.Error.WriteLine($"error: … {wrong.Count} places are wrong");
        }

        return view.Ok ? 0 : BadData;
    }
}
