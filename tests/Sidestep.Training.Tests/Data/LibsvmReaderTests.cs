using System.Globalization;

namespace Sidestep.Training.Tests.Data;

public sealed class LibsvmReaderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_good_file_gives_rows_and_signs()
    {
        var data = Open("\uFEFF+1 1:0.5 3:-2e1 \r\n\n-1 2:1 # a comment\n+1\n");
        var (rows, labels) = DataFolder.ReadAll(data);
        Assert.True(data.IsSparse);
        Assert.Equal([[0.5f, 0, -20], [0, 1, 0], [0, 0, 0]], rows);
        Assert.Equal([1f, -1, 1], labels);
    }

    [Theory]
    [InlineData("+1 1:1\n-1 1:x\n", "row 2", "'x' is not a number")]
    [InlineData("+1 1:1\n-1 1:1,5\n", "row 2", "'1,5' is not a number")]
    [InlineData("+1 1:1\nyes 1:1\n", "row 2", "label: 'yes'")]
    [InlineData("+1 1:nan\n", "row 1", "column 1")]
    [InlineData("+1 1:1\n\n-1 2:Infinity\n", "row 2", "column 2")]
    [InlineData("+1 2:1e99\n", "row 1", "not finite")]
    [InlineData("+1 2:1 2:1\n", "row 1", "index 2 after index 2")]
    [InlineData("+1 2:1 1:1\n", "row 1", "index 1 after index 2")]
    [InlineData("+1 0:1\n", "row 1", "indices start at 1")]
    [InlineData("+1 1:1\n+1 4:1\n", "row 2", "above the 3 features")]
    [InlineData("+1 1\n", "row 1", "not index:value")]
    [InlineData("+1 -1:1\n", "row 1", "not index:value")]
    [InlineData("+1 99999999999:1\n", "row 1", "not index:value")]
    [InlineData("+1 1:1\n-1 1:1\n0 1:1\n", "row 3", "label 0 is out of range")]
    [InlineData("+1 1:1\n-1 1:1\n3 1:1\n", "row 3", "label 3 is out of range")]
    public void Read_bad_row_names_file_and_row(string text, string row, string why)
    {
        var message = _folder.Fails<DataException>(Source(text));
        Assert.Contains("rows.txt", message);
        Assert.Contains(row, message);
        Assert.Contains(why, message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n# nothing\n")]
    public void Read_empty_file_is_refused(string text)
    {
        var message = _folder.Fails<DataException>(Source(text));
        Assert.Contains("rows.txt", message);
        Assert.Matches("empty|no rows", message);
    }

    [Fact]
    public void Read_line_above_one_mebibyte_names_its_row()
    {
        var message = _folder.Fails<DataException>(Source("+1 1:1\n+1 " + new string(' ', 1 << 20) + "1:1\n"));
        Assert.Contains("rows.txt, row 2", message);
        Assert.Contains("longer than 1048576", message);
    }

    [Fact]
    public void Read_line_just_below_the_limit_and_across_buffers_is_read()
    {
        var data = Open("+1 1:1\n-1 " + new string(' ', (1 << 20) - 20) + "2:1");
        Assert.Equal(2, data.Count);
        Assert.Equal([0f, 1, 0], DataFolder.ReadAll(data).Rows[1]);
    }

    [Fact]
    public void Read_gzip_of_several_members_reads_all()
    {
        var file = _folder.Write("two.gz", DataFolder.Gzip("+1 1:1\n-1 2", ":1\n+1 3:1\n"));
        var data = _folder.Open(new LibsvmSource(file, 3, 2));
        Assert.Equal([1f, -1, 1], DataFolder.ReadAll(data).Labels);
        Assert.Equal("two", data.Name);
    }

    [Fact]
    public void Read_gzip_members_that_end_anywhere_in_a_buffer_are_all_read()
    {
        for (var length = 8_000; length < 9_000; length += 97)
        {
            // Noise does not pack, so the member's end moves over the framework's 8 KiB buffer.
            var noise = "# " + Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(length));
            var file = _folder.Write($"m{length}.gz", DataFolder.Gzip("+1 1:1\n" + noise, "\n-1 2:1\n", "+1 3:1"));
            Assert.Equal([1f, -1, 1], DataFolder.ReadAll(_folder.Open(new LibsvmSource(file, 3, 2))).Labels);
        }
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.99, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public void Read_damaged_gzip_names_the_file(double keep, int damage)
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? 1 : -1)} 1:{i * 7919 % 1000} 2:{i}\n")));
        var bytes = DataFolder.Gzip(text);
        bytes = bytes[..(int)(bytes.Length * keep)];
        switch (damage)
        {
            case 1:
                bytes[^6] ^= 1; // the checksum
                break;
            case 2:
                bytes = [.. bytes, .. "garbage"u8];
                break;
            case 3:
                bytes = bytes[..^5]; // half a trailer
                break;
        }

        var message = _folder.Fails<DataException>(new LibsvmSource(_folder.Write("bad.gz", bytes), 3, 2));
        Assert.Contains("bad.gz", message);
        Assert.Contains("damaged", message);
    }

    [Fact]
    public void Read_gzip_bomb_stops_at_the_limit()
    {
        var bomb = DataFolder.Gzip(string.Concat(Enumerable.Repeat("+1 1:1\n", 100_000)));
        var message = _folder.Fails<DataException>(new LibsvmSource(_folder.Write("bomb.gz", bomb), 3, 2) { MaxBytes = 10_000 });
        Assert.Contains("bomb.gz", message);
        Assert.Contains("limit of 10000 bytes", message);
    }

    [Theory]
    [InlineData("0 1:1\n1 1:1\n", new[] { -1f, 1 })]
    [InlineData("1 1:1\n2 1:1\n1 1:1\n", new[] { -1f, 1, -1 })]
    [InlineData("1 1:1\n1 1:1\n", new[] { 1f, 1 })]
    public void Read_pairs_of_labels_become_signs(string text, float[] labels) =>
        Assert.Equal(labels, DataFolder.ReadAll(Open(text)).Labels);

    [Theory]
    [InlineData("0 1:1\n2 1:1\n", 3, LabelMap.Auto, new[] { 0f, 2 })]
    [InlineData("1 1:1\n3 1:1\n", 3, LabelMap.Auto, new[] { 0f, 2 })]
    [InlineData("-1 1:1\n1 1:1\n", 2, LabelMap.Classes, new[] { 0f, 1 })]
    [InlineData("1 1:1\n2 1:1\n", 3, LabelMap.ClassesFromOne, new[] { 0f, 1 })]
    [InlineData("1 1:1\n2 1:1\n", 3, LabelMap.ClassesFromZero, new[] { 1f, 2 })]
    [InlineData("-3.5 1:1\n7 1:1\n", 0, LabelMap.Auto, new[] { -3.5f, 7 })]
    public void Read_class_labels_start_at_zero(string text, int classes, LabelMap map, float[] labels) =>
        Assert.Equal(labels, DataFolder.ReadAll(_folder.Open(Source(text) with { Classes = classes, LabelMap = map })).Labels);

    [Theory]
    [InlineData("0 1:1\n3 1:1\n", 3, "row 2: label 3")]
    [InlineData("0 1:1\n1.5 1:1\n", 3, "row 2: label 1.5")]
    [InlineData("1 1:1\n2 1:1\n", 3, "say ClassesFromZero or ClassesFromOne")]
    public void Read_class_labels_out_of_range_or_ambiguous_are_refused(string text, int classes, string why) =>
        Assert.Contains(why, _folder.Fails<DataException>(Source(text) with { Classes = classes }));

    [Fact]
    public void Read_map_that_does_not_fit_the_classes_is_a_configuration_error() =>
        Assert.Contains("Signs needs 2", _folder.Fails<ConfigurationException>(Source("1 1:1\n") with { Classes = 3, LabelMap = LabelMap.Signs }));

    private LibsvmSource Source(string text) => new(_folder.Write("rows.txt", text), 3, 2);

    private Dataset Open(string text) => _folder.Open(Source(text));
}
