using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary><c>sidestep data generate</c>: a data set of any size, to try things with.</summary>
internal static class DataGenerateCommand
{
    public static Command Create(Terminal terminal)
    {
        var rows = new Option<int>("--rows") { Description = "Number of rows.", Required = true };
        var features = new Option<int>("--features") { Description = "Features per row.", Required = true };
        var classes = new Option<int>("--classes") { Description = "Number of classes.", DefaultValueFactory = _ => 2 };
        var separation = new Option<double>("--separation") { Description = "Distance of a class centre from the origin, in standard deviations.", DefaultValueFactory = _ => 2 };
        var seed = new Option<ulong>("--seed") { Description = "Every row is a function of the seed and its number.", DefaultValueFactory = _ => 1 };
        var first = new Option<long>("--first") { Description = "Number of the first row: a test set continues where the training set ended." };
        var target = new Option<string>("--out") { Description = "A file NAME.csv to write as text, or a folder to write as shards.", Required = true };
        var shardSize = new Option<string>("--shard-size") { Description = "Bytes after which a new shard begins.", DefaultValueFactory = _ => "128MiB" };
        var force = new Option<bool>("--force") { Description = "Replace what is there." };
        var command = new Command("generate", "Generates Gaussian clouds, one a class, as CSV or as shards.")
        {
            rows, features, classes, separation, seed, first, target, shardSize, force,
        };
        command.SetAction(parsed => Interrupt.Run(
            terminal,
            stop =>
            {
                var source = new GaussianMixtureSource(
                    parsed.GetValue(rows), parsed.GetValue(features), parsed.GetValue(classes), parsed.GetValue(separation), parsed.GetValue(seed))
                {
                    First = parsed.GetValue(first),
                    LabelMap = LabelMap.ClassesFromZero,
                };
                var options = new ShardImportOptions
                {
                    ShardBytes = ByteSize.Parse(parsed.GetValue(shardSize)!, "--shard-size"),
                    Replace = parsed.GetValue(force),
                };
                return Generate(terminal, source, parsed.GetValue(target)!, options, stop);
            },
            "nothing was left behind"));
        return command;
    }

    private static int Generate(Terminal terminal, GaussianMixtureSource source, string target, ShardImportOptions options, CancellationToken stop)
    {
        var (began, told) = (Stopwatch.GetTimestamp(), 0.0);
        if (target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            if (File.Exists(target) && !options.Replace)
            {
                throw new OperatingSystemException($"{target} is there already: choose another file with --out, or replace it with --force", 73);
            }

            DurableFile.Write(target, file => MixtureText.Write(source, file, Tell, stop));
        }
        else
        {
            ShardImport.Run(source, target, options with { Progress = at => Tell(at.Rows) }, stop);
        }

        var bytes = File.Exists(target) ? new FileInfo(target).Length : ShardManifest.Load(target).Shards.Sum(s => s.Bytes);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{target}: {source.Count} rows, {ByteSize.Format(bytes)} in {seconds:0.0} s"));
        return 0;

        void Tell(long rows)
        {
            var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (elapsed - told > 1)
            {
                told = elapsed;
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100.0 * rows / source.Count,3:0} %, {elapsed:0.0} s"));
            }
        }
    }
}
