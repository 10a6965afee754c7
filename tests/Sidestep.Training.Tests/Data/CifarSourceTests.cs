namespace Sidestep.Training.Tests.Data;

public sealed class CifarSourceTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_files_follow_each_other_and_bytes_are_scaled()
    {
        var data = _folder.Open(new CifarSource([_folder.Write("a.bin", [.. Record(3, 255), .. Record(0, 51)]), _folder.Write("b.bin", Record(9, 0))]));
        var (rows, labels) = DataFolder.ReadAll(data);
        Assert.Equal([3f, 0f, 9f], labels);
        Assert.Equal([1f, 51 / 255f, 0f], rows.Select(r => r[3071]), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((3L, 3072, 10, false), (data.Count, data.Features, data.Classes, data.IsSparse));
    }

    [Fact]
    public void Read_cut_record_names_file_and_row()
    {
        var message = _folder.Fails<DataException>(new CifarSource([_folder.Write("a.bin", [.. Record(3, 1), .. Record(4, 1)[..^5]])]));
        Assert.Contains("a.bin, row 2: the file ends at byte 6141, 5 bytes too early", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_label_that_is_no_class_is_refused()
    {
        var message = _folder.Fails<DataException>(new CifarSource([_folder.Write("a.bin", [.. Record(3, 1), .. Record(10, 1)])]));
        Assert.Contains("a.bin, row 2: the label byte is 10", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_missing_file_is_named() =>
        Assert.Contains("none.bin", _folder.Fails<DataException>(new CifarSource([_folder.File("none.bin")])), StringComparison.Ordinal);

    private static byte[] Record(byte label, byte value)
    {
        var record = new byte[3073];
        record.AsSpan().Fill(value);
        record[0] = label;
        return record;
    }
}
