using System.Text.RegularExpressions;

namespace Sidestep.Training.Tests.Data;

public sealed class ShardDamageTests : IDisposable
{
    private readonly ShardBench _bench = new();

    public ShardDamageTests() => _bench.Import(_bench.Source(RowFormat.Floats));

    public void Dispose() => _bench.Dispose();

    // A row, a label, the checksums, the header.
    [Theory]
    [InlineData(70_000)]
    [InlineData(4096)]
    [InlineData(-300)]
    [InlineData(-2)]
    [InlineData(20)]
    [InlineData(2000)]
    public void Flipped_bit_is_found_by_verification_with_shard_range_and_both_checksums(long offset)
    {
        _bench.Import(_bench.Source(RowFormat.Floats), "larger", 1 << 17);
        var shard = _bench.Shard(1, "larger");
        var at = offset < 0 ? new FileInfo(shard).Length + offset : offset;
        _bench.Flip(shard, at);
        var wrong = Assert.Single(ShardVerify.Run(_bench.Folder.File("larger")));
        Assert.Contains("shard-00001.bin", wrong);
        var found = Regex.Match(wrong, "bytes ([0-9]+) to ([0-9]+).*checksum ([0-9a-f]{8}), expected ([0-9a-f]{8})");
        Assert.True(found.Success, wrong);
        Assert.InRange(at, long.Parse(found.Groups[1].Value), long.Parse(found.Groups[2].Value));
        Assert.NotEqual(found.Groups[3].Value, found.Groups[4].Value);
    }

    [Fact]
    public void Flipped_bit_is_found_before_the_row_is_used_and_other_blocks_stay_usable()
    {
        _bench.Flip(_bench.Shard(1), 5000);
        var data = _bench.Open();
        var rows = data.Rows(1);
        Assert.True(rows.ReadAsync(0, new long[] { 0 }, default).IsCompletedSuccessfully);
        var manifest = ShardManifest.Load(_bench.Folder.File("shards"));
        var second = manifest.Shards[0].Rows;
        for (var turn = 0; turn < 2; turn++)
        {
            var error = Assert.Throws<DataException>(() => { _ = rows.ReadAsync(0, new[] { second + 10 }, default); });
            Assert.Contains("shard-00001.bin, bytes 4096 to ", error.Message);
            Assert.Contains("the shard is damaged", error.Message);
        }

        Assert.True(rows.ReadAsync(0, new[] { second + manifest.Shards[1].Rows }, default).IsCompletedSuccessfully);
    }

    [Fact]
    public void Flipped_bit_in_the_header_is_found_at_opening()
    {
        _bench.Flip(_bench.Shard(2), 100);
        Assert.Contains("bytes 0 to 4095 (the header): checksum", Assert.Throws<DataException>(() => _bench.Open()).Message);
    }

    [Fact]
    public void Manifest_of_another_data_set_is_refused_by_both_fingerprints()
    {
        var other = _bench.Import(new GaussianMixtureSource(3000, 21, 3, 1, Seed: 2), "other");
        var mine = ShardManifest.Load(_bench.Folder.File("shards"));
        File.Copy(Path.Combine(_bench.Folder.File("other"), "manifest.json"), Path.Combine(_bench.Folder.File("shards"), "manifest.json"), overwrite: true);
        var error = Assert.Throws<DataException>(() => _bench.Open());
        Assert.Contains(mine.Fingerprint, error.Message);
        Assert.Contains(other.Fingerprint, error.Message);
        Assert.NotEmpty(ShardVerify.Run(_bench.Folder.File("shards")));
    }

    [Fact]
    public void Other_data_than_asked_for_are_refused()
    {
        var error = Assert.Throws<DataException>(() => _bench.Folder.Open(
            new ShardsSource(_bench.Folder.File("shards")) { Fingerprint = new string('0', 32) }));
        Assert.Contains("other data lie here now", error.Message);
    }

    [Fact]
    public void Shards_in_another_order_are_refused()
    {
        var (one, two) = (_bench.Shard(0), _bench.Shard(1));
        File.Move(one, one + ".x");
        File.Move(two, one);
        File.Move(one + ".x", two);
        Assert.Contains("the manifest has shard 0", Assert.Throws<DataException>(() => _bench.Open()).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60_000)]
    public void Cut_shard_is_refused(int missing)
    {
        using (var file = new FileStream(_bench.Shard(1), FileMode.Open))
        {
            file.SetLength(file.Length - missing);
        }

        Assert.Contains("it is cut off", Assert.Throws<DataException>(() => _bench.Open()).Message);
        Assert.Contains(ShardVerify.Run(_bench.Folder.File("shards")), w => w.Contains("shard-00001.bin", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_shard_is_named()
    {
        File.Delete(_bench.Shard(2));
        Assert.Contains("shard-00002.bin: there is no such file", Assert.Throws<DataException>(() => _bench.Open()).Message);
    }

    [Theory]
    [InlineData("", "is not a manifest")]
    [InlineData("{", "is not a manifest")]
    [InlineData("[]", "is not \"format\"")]
    [InlineData("{\"format\":\"sidestep-shards\",\"version\":2}", "\"version\": 1")]
    [InlineData("{\"format\":\"sidestep-shards\",\"version\":1}", "is not a manifest")]
    public void Malformed_manifest_is_refused(string json, string why)
    {
        File.WriteAllText(Manifest, json);
        Assert.Contains(why, Assert.Throws<DataException>(() => _bench.Open()).Message);
    }

    [Theory]
    [InlineData("\"rows\": 3000", "\"rows\": 3001", "the shards have 3000 rows, the data set has 3001")]
    [InlineData("\"features\": 21", "\"features\": 0", "0 features")]
    [InlineData("\"features\": 21", "\"features\": 20", "of 20 and 3")]
    [InlineData("\"classes\": 3", "\"classes\": 4", "of 21 and 4")]
    [InlineData("\"layout\": \"dense\"", "\"layout\": \"thick\"", "layout 'thick'")]
    [InlineData("\"labels\": \"class\"", "\"labels\": \"value\"", "labels 'value'")]
    [InlineData("\"shard-00001.bin\"", "\"../shard-00001.bin\"", "a shard is a file in this folder")]
    [InlineData("\"fingerprint\"", "\"fingerprints\"", "is not a manifest")]
    [InlineData("\"rows\": 3000", "\"rows\": \"many\"", "is not a manifest")]
    public void Changed_manifest_is_refused(string good, string bad, string why)
    {
        var text = File.ReadAllText(Manifest);
        Assert.Contains(good, text);
        File.WriteAllText(Manifest, text.Replace(good, bad, StringComparison.Ordinal));
        Assert.Contains(why, Assert.Throws<DataException>(() => _bench.Open()).Message);
    }

    [Fact]
    public void Changed_checksum_in_the_manifest_is_found_by_verification()
    {
        var crc = ShardManifest.Load(_bench.Folder.File("shards")).Shards[0].Crc32C;
        File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace(crc, "00000001", StringComparison.Ordinal));
        Assert.Contains($"checksum {crc}, expected 00000001", Assert.Single(ShardVerify.Run(_bench.Folder.File("shards"))));
    }

    [Fact]
    public void Folder_without_a_manifest_is_no_data_set()
    {
        File.Delete(Manifest);
        Assert.Contains("an import that did not finish", Assert.Throws<DataException>(() => _bench.Open()).Message);
        Assert.Contains("there is no such file", Assert.Throws<DataException>(() => _bench.Open("nowhere")).Message);
    }

    [Fact]
    public void Disk_that_is_full_ends_the_import_with_74_and_leaves_nothing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // The second shard goes to a device that is always full: the kernel's own error.
        var options = new ShardImportOptions
        {
            Create = path => new FileStream(path.EndsWith("00001.bin", StringComparison.Ordinal) ? "/dev/full" : path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0),
        };
        var error = Assert.Throws<OperatingSystemException>(() => _bench.Import(_bench.Source(RowFormat.Floats), "full", options: options));
        Assert.Equal(74, error.ExitCode);
        Assert.Contains("No space left on device", error.Message);
        Assert.Contains("nothing was left", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_bench.Folder.File("full"))!, "*full*"));
    }

    [Fact]
    public void Interrupted_import_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var options = new ShardImportOptions
        {
            ShardBytes = 1 << 16,
            Create = path =>
            {
                if (path.EndsWith("00002.bin", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }

                return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0);
            },
        };
        var source = new GaussianMixtureSource(300_000, 5, 2, 1, 1);
        Assert.ThrowsAny<OperationCanceledException>(() => ShardImport.Run(source, _bench.Folder.File("half"), options, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_bench.Folder.File("half"))!, "*half*"));
    }

    [Fact]
    public void Bad_cell_leaves_nothing_and_names_row_column_and_value()
    {
        var source = new CsvSource(_bench.Folder.Write("bad.csv", "a,b,y\n1,2,0\n3,four,1\n"), 2) { Header = true };
        var error = Assert.Throws<DataException>(() => _bench.Import(source, "bad"));
        Assert.Contains("row 2 (line 3), column 2 (b): 'four' is not a number", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_bench.Folder.File("bad"))!, "*bad*.part"));
        Assert.False(Directory.Exists(_bench.Folder.File("bad")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void Shard_size_out_of_range_is_refused(long size) =>
        Assert.Contains("64 KiB", Assert.Throws<ConfigurationException>(() => _bench.Import(_bench.Source(RowFormat.Floats), "x", size)).Message);

    private string Manifest => Path.Combine(_bench.Folder.File("shards"), "manifest.json");
}
