namespace Sidestep.Training.Tests.Data;

public sealed class DataCacheTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_second_time_does_not_decode_again()
    {
        var source = new CountedSource();
        var first = _folder.Open(source);
        var second = _folder.Open(source);
        Assert.Equal(1, source.Decodes);
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal("counted", second.Name);
    }

    [Fact]
    public async Task Open_four_at_once_decodes_once_and_all_see_the_same()
    {
        var source = new CountedSource();
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _folder.Open(source))));
        Assert.Equal(1, source.Decodes);
        Assert.Single(all.Select(d => d.Fingerprint).Distinct());
        Assert.All(all, d => Assert.Equal(1000, d.Count));
        Assert.Single(Directory.GetFiles(_folder.Cache, "*.data"));
        Assert.Empty(Directory.GetFiles(_folder.Cache, "*.part"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(600)]
    [InlineData(-1)]
    public void Open_damaged_cache_is_rebuilt(int position)
    {
        var source = new CountedSource();
        var good = _folder.Open(source).Fingerprint;
        var file = Assert.Single(Directory.GetFiles(_folder.Cache, "*.data"));
        var bytes = File.ReadAllBytes(file);
        bytes[position < 0 ? ^1 : position] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(good, _folder.Open(source).Fingerprint);
        Assert.Equal(2, source.Decodes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(2000)]
    public void Open_truncated_cache_is_rebuilt(int length)
    {
        var source = new CountedSource();
        _folder.Open(source);
        var file = Assert.Single(Directory.GetFiles(_folder.Cache, "*.data"));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        Assert.Equal(1000, _folder.Open(source).Count);
        Assert.Equal(2, source.Decodes);
    }

    [Fact]
    public void Open_changed_file_or_option_is_decoded_anew()
    {
        var source = new LibsvmSource(_folder.Write("a", "1 1:1\n"), 3, 2);
        Assert.Equal(1, _folder.Open(source).Count);
        _folder.Write("a", "1 1:1\n-1 1:1\n");
        Assert.Equal(2, _folder.Open(source).Count);
        Assert.Equal(5, _folder.Open(source with { Features = 5 }).Features);
    }

    [Fact]
    public void Open_source_that_changes_while_read_is_refused()
    {
        var path = _folder.Write("a", "1 1:1\n");
        var error = Assert.Throws<DataException>(() => _folder.Open(new CountedSource(() => File.AppendAllText(path, "1 1:1\n"), path)));
        Assert.Contains("changed while being read", error.Message);
    }

    [Fact]
    public void Open_failed_decode_leaves_nothing_and_can_be_retried()
    {
        var source = new LibsvmSource(_folder.Write("a", "1 1:x\n"), 3, 2);
        Assert.Throws<DataException>(() => _folder.Open(source));
        Assert.All(Directory.GetFiles(_folder.Cache), f => Assert.EndsWith(".lock", f));
        _folder.Write("a", "1 1:10\n");
        Assert.Equal(1, _folder.Open(source).Count);
    }

    [Fact]
    public void Open_folder_that_is_a_file_is_an_operating_system_error()
    {
        var blocked = _folder.Write("blocked", "x");
        var error = Assert.Throws<OperatingSystemException>(() => DataCache.Open(new CountedSource(), blocked));
        Assert.Contains("choose another cache folder", error.Message);
        Assert.Equal(73, error.ExitCode);
    }

    [Fact]
    public async Task Open_mapped_rows_stay_readable_after_the_file_is_gone()
    {
        var rows = _folder.Open(new CountedSource()).Rows(2);
        Directory.Delete(_folder.Cache, recursive: true);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var batch = await rows.ReadAsync(1, new long[] { 499 }, default);
        Assert.Equal(999f, batch.Values.Span[0]);
    }

    [Fact]
    public void DefaultFolder_ends_in_sidestep_and_is_absolute()
    {
        Assert.Equal("sidestep", Path.GetFileName(DataCache.DefaultFolder));
        Assert.True(Path.IsPathFullyQualified(DataCache.DefaultFolder));
    }

    private sealed record CountedSource(Action? During = null, params string[] Paths) : DataSource
    {
        private int _decodes;

        public int Decodes => _decodes;

        public override string Name() => "counted";

        public override IReadOnlyList<string> Files() => Paths;

        public override string Options() => "";

        public override void Decode(DatasetWriter writer, CancellationToken stop)
        {
            Interlocked.Increment(ref _decodes);
            writer.Begin(Name(), 1, 0, RowFormat.Floats, LabelMap.AsIs);
            for (var i = 0; i < 1000; i++)
            {
                writer.Add([i], i);
            }

            Thread.Sleep(30);
            During?.Invoke();
        }
    }
}
