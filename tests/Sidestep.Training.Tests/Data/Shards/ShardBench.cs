using System.Globalization;
using System.Text;

namespace Sidestep.Training.Tests.Data;

/// <summary>Sources and imports for tests of shards.</summary>
internal sealed class ShardBench : IDisposable
{
    public DataFolder Folder { get; } = new();

    public ShardManifest Import(DataSource source, string name = "shards", long shardBytes = 1 << 16, ShardImportOptions? options = null) =>
        ShardImport.Run(source, Folder.File(name), (options ?? new ShardImportOptions()) with { ShardBytes = shardBytes });

    public Dataset Open(string name = "shards", LabelMap map = LabelMap.Classes) => Folder.Open(new ShardsSource(Folder.File(name)) { LabelMap = map });

    public string Shard(int index, string name = "shards") => Path.Combine(Folder.File(name), FormattableString.Invariant($"shard-{index:00000}.bin"));

    public void Flip(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 0x10));
    }

    /// <summary>A source of each format whose rows fill several shards of 64 KiB.</summary>
    public DataSource Source(RowFormat format) => format switch
    {
        RowFormat.Bytes => new DigitPicturesSource(400, Side: 20),
        RowFormat.Floats => new GaussianMixtureSource(3000, 21, 3, 1, Seed: 1),
        _ => new LibsvmSource(Folder.Write("sparse.txt", SparseText(4000)), 50, 3),
    };

    public static string SparseText(int rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i % 3}");
            for (var column = 1 + (i % 7); column <= 50; column += 1 + (i % 11))
            {
                text.Append(CultureInfo.InvariantCulture, $" {column}:{i - (0.5 * column)}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public void Dispose() => Folder.Dispose();
}
