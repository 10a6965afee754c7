namespace Sidestep.Training.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private const uint Pictures = 2051;
    private const uint Labels = 2049;
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_two_pictures_scales_bytes_and_keeps_labels()
    {
        var data = _folder.Open(Source(
            DataFolder.Idx(Pictures, [2, 2, 2], 0, 51, 102, 255, 1, 2, 3, 4), DataFolder.Idx(Labels, [2], 0, 9)));
        var (rows, labels) = DataFolder.ReadAll(data);
        Assert.Equal(0f, rows[0][0]);
        Assert.Equal(1f, rows[0][3]);
        Assert.Equal(51 / 255f, rows[0][1], 6);
        Assert.Equal([0f, 9f], labels);
        Assert.Equal((2L, 4, 10, false), (data.Count, data.Features, data.Classes, data.IsSparse));
    }

    [Fact]
    public void Read_wrong_magic_names_file_and_magic()
    {
        var message = _folder.Fails<DataException>(Source(DataFolder.Idx(Labels, [1, 1, 1], 7), DataFolder.Idx(Labels, [1], 0)));
        Assert.Contains("images", message);
        Assert.Contains("2049", message);
        Assert.Contains("wrong magic", message);
    }

    [Fact]
    public void Read_header_that_claims_more_than_the_file_is_refused_before_allocation()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = _folder.Fails<DataException>(Source(
            DataFolder.Idx(Pictures, [1 << 30, 1 << 15, 1 << 15], 7), DataFolder.Idx(Labels, [1], 0)));
        Assert.Contains("claims 1073741824 rows", message);
        Assert.Contains("images", message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void Read_sizes_whose_product_overflows_are_refused()
    {
        var message = _folder.Fails<DataException>(Source(
            DataFolder.Idx(2052, [2, uint.MaxValue, uint.MaxValue, uint.MaxValue], 7), DataFolder.Idx(Labels, [1], 0)));
        Assert.Contains("the header claims 2 rows", message);
    }

    [Fact]
    public void Read_truncated_gzip_names_the_row_where_the_content_ends()
    {
        var whole = DataFolder.Idx(Pictures, [3, 1, 2], 1, 2, 3);
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(whole);
        }

        var message = _folder.Fails<DataException>(Source(packed.ToArray(), DataFolder.Idx(Labels, [3], 0, 1, 2)));
        Assert.Contains("images, row 2", message);
    }

    [Fact]
    public void Read_truncated_plain_file_is_refused()
    {
        var message = _folder.Fails<DataException>(Source(DataFolder.Idx(Pictures, [3, 1, 2], 1, 2, 3), DataFolder.Idx(Labels, [3], 0, 1, 2)));
        Assert.Contains("can hold at most", message);
    }

    [Fact]
    public void Read_bytes_after_the_end_are_refused()
    {
        var message = _folder.Fails<DataException>(Source(DataFolder.Idx(Pictures, [1, 1, 1], 1, 2), DataFolder.Idx(Labels, [1], 0)));
        Assert.Contains("bytes follow the declared end", message);
    }

    [Fact]
    public void Read_other_count_of_labels_is_refused()
    {
        var message = _folder.Fails<DataException>(Source(DataFolder.Idx(Pictures, [1, 1, 1], 1), DataFolder.Idx(Labels, [2], 0, 1)));
        Assert.Contains("1 pictures", message);
        Assert.Contains("2 labels", message);
    }

    [Fact]
    public void Read_label_out_of_range_names_file_and_row()
    {
        var message = _folder.Fails<DataException>(Source(DataFolder.Idx(Pictures, [2, 1, 1], 1, 2), DataFolder.Idx(Labels, [2], 0, 11)));
        Assert.Contains("labels, row 2", message);
        Assert.Contains("11", message);
    }

    [Fact]
    public void Read_missing_file_names_it_and_its_gzip_neighbour()
    {
        _folder.Write("a.gz", [1]);
        var message = _folder.Fails<DataException>(new IdxSource(_folder.File("a"), _folder.File("b"), 10));
        Assert.Contains(_folder.File("a") + ": there is no such file", message);
        Assert.Contains("a.gz", message);
    }

    [Fact]
    public void Read_empty_file_names_it()
    {
        var message = _folder.Fails<DataException>(Source([], DataFolder.Idx(Labels, [1], 0)));
        Assert.Contains("images: the file is empty", message);
    }

    private IdxSource Source(byte[] images, byte[] labels) =>
        new(_folder.Write("images", images), _folder.Write("labels", labels), 10);
}
