using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>What an import came to.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Features">Features per row.</param>
/// <param name="Classes">Number of classes; 0 for regression.</param>
/// <param name="Shards">Number of shards.</param>
/// <param name="SourceBytes">Bytes of the source's files.</param>
/// <param name="ShardBytes">Bytes of the shards.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">Time of all cores.</param>
/// <param name="MegabytesPerSecond">Source bytes per second.</param>
/// <param name="MegabytesPerCoreSecond">Source bytes per second of one core.</param>
/// <param name="Fingerprint">Names the contents.</param>
internal sealed record ImportView(
    string Folder,
    long Rows,
    int Features,
    int Classes,
    int Shards,
    long SourceBytes,
    long ShardBytes,
    double Seconds,
    double CpuSeconds,
    double MegabytesPerSecond,
    double MegabytesPerCoreSecond,
    string Fingerprint);

/// <summary><c>sidestep data import SOURCE --out DIR</c>: turns files into shards.</summary>
internal static class DataImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var flags = new DataImportFlags();
        var command = new Command("import", "Turns CSV, IDX, LIBSVM or folders of pictures into checksummed shards, which may be larger than memory.");
        flags.AddTo(command);
        command.SetAction(parsed => Interrupt.Run(terminal, stop => Import(flags, parsed, terminal, stop), "nothing was left behind"));
        return command;
    }

    private static int Import(DataImportFlags flags, ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var (source, options) = flags.Create(parsed);
        var folder = parsed.GetValue(flags.Out)!;
        using var process = Process.GetCurrentProcess();
        var (began, cpu) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        var manifest = ShardImport.Run(
            source,
            folder,
            options with
            {
                ShardBytes = ByteSize.Parse(parsed.GetValue(flags.ShardSize)!, "--shard-size"),
                Replace = parsed.GetValue(flags.Force),
                Progress = at => Tell(terminal, at, Stopwatch.GetElapsedTime(began)),
            },
            stop);
        process.Refresh();
        var view = View(folder, manifest, source, Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - cpu);
        if (parsed.GetValue(flags.Json))
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.ImportView));
        }
        else
        {
            Print(terminal.Out, view, manifest);
        }

        return 0;
    }

    private static ImportView View(string folder, ShardManifest manifest, DataSource source, TimeSpan wall, TimeSpan cpu)
    {
        var bytes = source.Files().Sum(f => new FileInfo(f).Length);
        return new ImportView(
            folder,
            manifest.Rows,
            manifest.Features,
            manifest.Classes,
            manifest.Shards.Length,
            bytes,
            manifest.Shards.Sum(s => s.Bytes),
            wall.TotalSeconds,
            cpu.TotalSeconds,
            bytes / 1e6 / wall.TotalSeconds,
            bytes / 1e6 / Math.Max(cpu.TotalSeconds, 1e-9),
            manifest.Fingerprint);
    }

    private static void Tell(Terminal terminal, ImportProgress at, TimeSpan elapsed)
    {
        var share = at.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * at.Read / at.Total,3:0} %, ") : "";
        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share}{at.Rows} rows, {elapsed.TotalSeconds:0.0} s"));
    }

    private static void Print(TextWriter output, ImportView view, ShardManifest manifest)
    {
        output.WriteLine($"{view.Folder}: {DataText.Shape(manifest)}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ByteSize.Format(view.SourceBytes)} read, {ByteSize.Format(view.ShardBytes)} written to {view.Shards} shard{(view.Shards == 1 ? "" : "s")} in {view.Seconds:0.00} s: {view.MegabytesPerSecond:0} MB/s, {view.MegabytesPerCoreSecond:0} MB/s per core ({view.CpuSeconds:0.00} s of cores)"));
        output.WriteLine($"fingerprint {view.Fingerprint}");
    }
}
