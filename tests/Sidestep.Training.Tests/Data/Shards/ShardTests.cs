using System.Text;

namespace Sidestep.Training.Tests.Data;

public sealed class ShardTests : IDisposable
{
    private readonly ShardBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(RowFormat.Bytes)]
    [InlineData(RowFormat.Floats)]
    [InlineData(RowFormat.Sparse)]
    public async Task Imported_rows_are_those_of_the_cache_in_any_order(RowFormat format)
    {
        var source = _bench.Source(format);
        var manifest = _bench.Import(source);
        Assert.InRange(manifest.Shards.Length, 3, 60);
        var (rows, labels) = DataFolder.ReadAll(_bench.Folder.Open(source));
        var data = _bench.Open();
        var (mapped, mappedLabels) = DataFolder.ReadAll(data);
        Assert.Equal(rows, mapped);
        Assert.Equal(labels, mappedLabels);
        Assert.Equal((format, manifest.Fingerprint), (data.Format, data.Fingerprint));
        Assert.Equal(manifest.ClassCounts!.Value.ToArray(), data.ClassCounts().ToArray());

        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        var reader = data.Rows(5);
        for (var turn = 0; turn < 200; turn++)
        {
            var partition = rng.Next(5);
            var (start, count) = data.Partition(5, partition);
            var numbers = Enumerable.Range(0, 7).Select(_ => (long)rng.Next((int)count)).ToArray();
            var batch = await reader.ReadAsync(partition, numbers, default);
            for (var i = 0; i < numbers.Length; i++)
            {
                Assert.Equal(rows[start + numbers[i]], DataFolder.Row(batch, i));
                Assert.Equal(labels[start + numbers[i]], batch.Labels.Span[i]);
            }
        }
    }

    [Theory]
    [InlineData(RowFormat.Bytes)]
    [InlineData(RowFormat.Floats)]
    [InlineData(RowFormat.Sparse)]
    public void Fingerprint_is_the_same_however_rows_are_cut_and_verification_finds_nothing(RowFormat format)
    {
        var small = _bench.Import(_bench.Source(format), "small");
        var large = _bench.Import(_bench.Source(format), "large", 1 << 24);
        Assert.Single(large.Shards);
        Assert.Equal(small.Fingerprint, large.Fingerprint);
        Assert.Empty(ShardVerify.Run(_bench.Folder.File("small")));
        Assert.Empty(ShardVerify.Run(_bench.Folder.File("large")));
        Assert.Equal(
            File.ReadAllBytes(_bench.Shard(0, "large")).Length, large.Shards[0].Bytes);
    }

    [Fact]
    public void Import_twice_gives_the_same_bytes()
    {
        _bench.Import(_bench.Source(RowFormat.Sparse), "one");
        _bench.Import(_bench.Source(RowFormat.Sparse), "two");
        foreach (var file in Directory.GetFiles(_bench.Folder.File("one")))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_bench.Folder.File("two"), Path.GetFileName(file))));
        }
    }

    [Fact]
    public void Checksum_of_the_manifest_is_that_of_the_whole_file()
    {
        var manifest = _bench.Import(_bench.Source(RowFormat.Floats));
        foreach (var (index, shard) in manifest.Shards.Index())
        {
            Assert.Equal(FormattableString.Invariant($"{Checksum.Crc32C(File.ReadAllBytes(_bench.Shard(index))):x8}"), shard.Crc32C);
        }

        Assert.Equal(manifest.Shards.Length, manifest.Shards.Select(s => s.Crc32C).Distinct().Count());
    }

    [Theory]
    [InlineData("1,0\n2,1\n3,2\n", ShardImport.Discover, 3, 0, new float[] { 0, 1, 2 })]
    [InlineData("1,1\n2,3\n3,2\n", ShardImport.Discover, 3, 1, new float[] { 0, 2, 1 })]
    [InlineData("1,-1\n2,1\n3,1\n", ShardImport.Discover, 2, -1, new float[] { 0, 1, 1 })]
    [InlineData("1,1\n2,2\n3,2\n", 2, 2, 1, new float[] { 0, 1, 1 })]
    [InlineData("1,0\n2,4\n3,1\n", 5, 5, 0, new float[] { 0, 4, 1 })]
    [InlineData("1,0.5\n2,-4\n3,1\n", 0, 0, null, new float[] { 0.5f, -4, 1 })]
    public void Labels_become_classes_from_zero(string text, int classes, int found, int? from, float[] expected)
    {
        var manifest = _bench.Import(new CsvSource(_bench.Folder.Write("t.csv", text), classes));
        Assert.Equal((found, from), (manifest.Classes, manifest.LabelsFrom));
        var (_, labels) = DataFolder.ReadAll(_bench.Open(map: found == 0 ? LabelMap.AsIs : LabelMap.Classes));
        Assert.Equal(expected, labels);
    }

    [Fact]
    public void Words_become_classes_in_their_order_and_two_classes_signs_if_the_loss_wants_them()
    {
        var manifest = _bench.Import(new CsvSource(_bench.Folder.Write("t.csv", "1,yes\n2,no\n3,yes\n"), ShardImport.Discover));
        Assert.Equal(["no", "yes"], manifest.ClassNames!.Value.ToArray());
        Assert.Equal([1L, 2L], manifest.ClassCounts!.Value.ToArray());
        Assert.Equal([1f, 0, 1], DataFolder.ReadAll(_bench.Open()).Labels);
        Assert.Equal([1f, -1, 1], DataFolder.ReadAll(_bench.Open(map: LabelMap.Auto)).Labels);
    }

    [Theory]
    [InlineData("1,0.5\n2,1\n", ShardImport.Discover, "row 1: label 0.5 is out of range", "--classes 0")]
    [InlineData("1,0\n2,5\n", ShardImport.Discover, "the labels are 0, 5", "--classes N")]
    [InlineData("1,3\n2,3\n", ShardImport.Discover, "the labels are 3", "--classes N")]
    [InlineData("1,1\n2,2\n", 3, "no row has label 0 or 3", "--labels-from")]
    [InlineData("1,0\n2,7\n", 3, "row 2: label 7 is out of range", "3 classes here are 0..2")]
    [InlineData("1,-1\n2,0\n", 2, "row 2: label 0 is out of range", "-1 and 1")]
    [InlineData("1,1e9\n2,0\n", 2, "row 1: label 1E+09 is out of range", "2 classes")]
    public void Labels_that_are_no_classes_are_refused_with_what_to_say(string text, int classes, string why, string instead)
    {
        var error = Assert.Throws<DataException>(() => _bench.Import(new CsvSource(_bench.Folder.Write("t.csv", text), classes)));
        Assert.Contains(why, error.Message);
        Assert.Contains(instead, error.Message);
        Assert.False(Directory.Exists(_bench.Folder.File("shards")));
    }

    [Fact]
    public void Features_of_sparse_rows_are_found_out()
    {
        var source = new LibsvmSource(_bench.Folder.Write("s", "0 3:1\n1 17:2 40:1\n"), 1000, 2, LabelMap.Classes);
        Assert.Equal(40, _bench.Import(source, options: new ShardImportOptions { DiscoverFeatures = true }).Features);
        Assert.Equal(40, _bench.Open().Features);
    }

    [Fact]
    public void Reads_after_warm_up_allocate_nothing()
    {
        _bench.Import(_bench.Source(RowFormat.Floats));
        var rows = _bench.Open().Rows(2);
        var numbers = new long[] { 0, 700, 3, 1200 };
        _ = rows.ReadAsync(1, numbers, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            Assert.True(rows.ReadAsync(1, numbers, default).IsCompletedSuccessfully);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Shards_can_be_decoded_into_the_cache_format_as_well()
    {
        _bench.Import(_bench.Source(RowFormat.Sparse));
        var source = new ShardsSource(_bench.Folder.File("shards"));
        using var output = new MemoryStream();
        var writer = new DatasetWriter(output);
        source.Decode(writer, default);
        writer.Finish();
        var copy = Dataset.TryOpen(new ArrayStore(output.GetBuffer(), (int)output.Length))!;
        Assert.Equal(DataFolder.ReadAll(_bench.Open()).Rows, DataFolder.ReadAll(copy).Rows);
    }

    [Fact]
    public void Import_over_something_else_is_refused_and_replacing_needs_to_be_said()
    {
        var source = _bench.Source(RowFormat.Floats);
        _bench.Import(source);
        Assert.Equal(73, Assert.Throws<OperatingSystemException>(() => _bench.Import(source)).ExitCode);
        var replaced = _bench.Import(new GaussianMixtureSource(10, 2, 2, 1, 1), options: new ShardImportOptions { Replace = true });
        Assert.Equal(10, _bench.Open().Count);
        Assert.Single(replaced.Shards);
        Directory.CreateDirectory(_bench.Folder.File("mine"));
        File.WriteAllText(Path.Combine(_bench.Folder.File("mine"), "thesis.txt"), "x");
        var error = Assert.Throws<OperatingSystemException>(() => _bench.Import(source, "mine", options: new ShardImportOptions { Replace = true }));
        Assert.Contains("holds other files", error.Message);
        Assert.True(File.Exists(Path.Combine(_bench.Folder.File("mine"), "thesis.txt")));
    }

    [Fact]
    public void Generated_text_is_the_generated_rows_to_four_decimals()
    {
        var source = new GaussianMixtureSource(500, 3, 4, 2, Seed: 9) { LabelMap = LabelMap.ClassesFromZero };
        using var text = new MemoryStream();
        MixtureText.Write(source, text);
        var read = DataFolder.ReadAll(_bench.Folder.Open(new CsvSource(_bench.Folder.Write("g.csv", text.ToArray()), 4)));
        var direct = DataFolder.ReadAll(_bench.Folder.Open(source));
        Assert.Equal(direct.Labels, read.Labels);
        Assert.All(direct.Rows.SelectMany(r => r).Zip(read.Rows.SelectMany(r => r)), p => Assert.Equal(p.First, p.Second, 5.1e-5f));
        Assert.StartsWith(FormattableString.Invariant($"{direct.Rows[0][0]:0.0000},"), Encoding.UTF8.GetString(text.ToArray()));
    }
}
