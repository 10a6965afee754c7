using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>A row of a data set.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Label">The class from 0, or the value.</param>
/// <param name="Values">Its features; sparse: its non-zeros.</param>
/// <param name="Columns">Sparse: the column of each non-zero.</param>
internal sealed record DataRowView(long Row, float Label, float[] Values, int[]? Columns);

/// <summary>A data set and some of its rows.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Rows">The rows.</param>
internal sealed record DataView(ShardManifest Manifest, IReadOnlyList<DataRowView> Rows);

/// <summary><c>sidestep data show DIR</c>: shape, classes, shards and first rows.</summary>
internal static class DataShowCommand
{
    private const int MostRows = 1000;
    private const int FewShards = 8;

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of an imported data set." };
        var rows = new Option<int>("--rows") { Description = "How many rows to show, 0 to 1000.", DefaultValueFactory = _ => 3 };
        var from = new Option<long>("--from") { Description = "The first row to show, from 0." };
        var json = Flags.Json();
        var command = new Command("show", "Shows an imported data set: shape, class counts, shards, first rows.") { folder, rows, from, json };
        command.SetAction(parsed =>
        {
            var view = Look(parsed.GetValue(folder)!, parsed.GetValue(from), parsed.GetValue(rows));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.DataView));
            }
            else
            {
                Print(terminal.Out, view);
            }

            return 0;
        });
        return command;
    }

    private static DataView Look(string folder, long from, int count)
    {
        var manifest = ShardManifest.Load(folder);
        if (count is < 0 or > MostRows || from < 0 || from >= manifest.Rows)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"--rows {count} --from {from}: 0 to {MostRows} rows from row 0 to {manifest.Rows - 1}"));
        }

        var data = DataCache.Open(new ShardsSource(folder) { LabelMap = manifest.Classes == 0 ? LabelMap.AsIs : LabelMap.Classes }, DataCache.DefaultFolder);
        var reader = data.Rows(1);
        var rows = new List<DataRowView>();
        for (var row = from; row < Math.Min(from + count, manifest.Rows); row++)
        {
            var batch = reader.ReadAsync(0, new long[] { row }, default).AsTask().GetAwaiter().GetResult();
            rows.Add(new DataRowView(row, batch.Labels.Span[0], batch.Values.ToArray(), batch.IsSparse ? batch.Columns.ToArray() : null));
        }

        return new DataView(manifest, rows);
    }

    private static void Print(TextWriter output, DataView view)
    {
        var manifest = view.Manifest;
        output.WriteLine($"{manifest.Name}: {DataText.Shape(manifest)}");
        if (manifest.ClassCounts is { } counts)
        {
            var shown = counts.Take(20).Select((c, i) => string.Create(
                CultureInfo.InvariantCulture, $"{(manifest.ClassNames is { } names ? names[i] : i.ToString(CultureInfo.InvariantCulture))}: {c}"));
            output.WriteLine($"rows of each class: {string.Join(", ", shown)}{(counts.Length > 20 ? ", …" : "")}");
        }

        output.WriteLine($"fingerprint {manifest.Fingerprint}");
        foreach (var shard in manifest.Shards.Take(FewShards))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shard.File}: {shard.Rows} rows, {ByteSize.Format(shard.Bytes)}, crc32c {shard.Crc32C}"));
        }

        if (manifest.Shards.Length > FewShards)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {manifest.Shards.Length} shards, {ByteSize.Format(manifest.Shards.Sum(s => s.Bytes))} in all"));
        }

        foreach (var row in view.Rows)
        {
            DataText.Row(output, manifest, row);
        }
    }
}
