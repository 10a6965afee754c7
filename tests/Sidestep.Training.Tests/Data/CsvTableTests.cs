namespace Sidestep.Training.Tests.Data;

public sealed class CsvTableTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_header_names_and_dropped_columns_are_used()
    {
        var source = Source("\uFEFFid,diagnosis,a,b\r\n7,M, 1.5 ,\"2\"\r\n\r\n8,B,-1e-1,4\r\n") with
        {
            Header = true,
            Label = "diagnosis",
            LabelNames = ["B", "M"],
            Drop = ["id"],
        };
        var (rows, labels) = DataFolder.ReadAll(_folder.Open(source));
        Assert.Equal([[1.5f, 2], [-0.1f, 4]], rows);
        Assert.Equal([1f, -1], labels);
    }

    [Fact]
    public void Read_without_header_takes_the_last_column_as_label()
    {
        var data = _folder.Open(Source("1;2;0.25\n3;4;-7\n") with { Classes = 0, Separator = ';', Features = 2 });
        var (rows, labels) = DataFolder.ReadAll(data);
        Assert.Equal([[1f, 2], [3, 4]], rows);
        Assert.Equal([0.25f, -7], labels);
        Assert.Equal((2, 0), (data.Features, data.Classes));
    }

    [Theory]
    [InlineData("1,2,0\n1,2\n", "row 2 (line 2)", "2 columns; the first row has 3")]
    [InlineData("1,2,0\n1,2,3,1\n", "row 2", "4 columns")]
    [InlineData("1,2,0\nx,2,1\n", "row 2 (line 2), column 1", "'x' is not a number")]
    [InlineData("1,2,0\n1,,1\n", "row 2 (line 2), column 2", "empty is not a number")]
    [InlineData("1,2,0\n1,NaN,1\n", "row 2, column 2", "not finite")]
    [InlineData("1,2,0\n-Infinity,1,1\n", "row 2, column 1", "not finite")]
    [InlineData("1,2,0\n1,\"1,5\",1\n", "row 2", "'1,5' is not a number")]
    [InlineData("1,2,0\n1,2,7\n", "row 2", "label 7 is out of range")]
    [InlineData("1,2,0\n1,2,NaN\n", "row 2, column 3", "not finite")]
    public void Read_bad_row_names_file_row_and_column(string text, string row, string why)
    {
        var message = _folder.Fails<DataException>(Source(text));
        Assert.Contains("table.csv", message);
        Assert.Contains(row, message);
        Assert.Contains(why, message);
    }

    [Fact]
    public void Read_header_title_is_in_the_message()
    {
        var message = _folder.Fails<DataException>(Source("a,b,y\n1,x,0\n") with { Header = true });
        Assert.Contains("row 1 (line 2), column 2 (b)", message);
    }

    [Theory]
    [InlineData("", false, "the file is empty")]
    [InlineData("\n\n", false, "no rows")]
    [InlineData("a,b,c\n", true, "no rows after the header")]
    public void Read_file_without_rows_is_refused(string text, bool header, string why) =>
        Assert.Contains(why, _folder.Fails<DataException>(Source(text) with { Header = header }));

    [Fact]
    public void Read_other_number_of_features_than_declared_is_refused() =>
        Assert.Contains("5 are declared", _folder.Fails<DataException>(Source("1,2,0\n") with { Features = 5 }));

    [Theory]
    [InlineData("c", "numbers are 0..2, names a, b, y")]
    [InlineData("3", "numbers are 0..2")]
    public void Read_unknown_column_names_the_choices(string label, string why) =>
        Assert.Contains(why, _folder.Fails<ConfigurationException>(Source("a,b,y\n1,2,0\n") with { Header = true, Label = label }));

    [Fact]
    public void Read_unknown_label_word_names_row_and_words()
    {
        var message = _folder.Fails<DataException>(Source("1,yes\n2,maybe\n") with { LabelNames = ["no", "yes"] });
        Assert.Contains("table.csv, row 2", message);
        Assert.Contains("known are no, yes", message);
    }

    [Fact]
    public void Read_line_above_one_mebibyte_is_refused()
    {
        var message = _folder.Fails<DataException>(Source("1,2,0\n\"" + new string('x', 1 << 20) + "\",1,1\n"));
        Assert.Contains("table.csv, row 2", message);
        Assert.Contains("longer than", message);
    }

    [Fact]
    public void Read_stray_quote_is_refused_with_its_place()
    {
        var message = _folder.Fails<DataException>(Source("1,2,0\n1,2\"3,1\n"));
        Assert.Contains("table.csv", message);
        Assert.Contains("2", message);
    }

    [Fact]
    public void Read_damaged_gzip_names_the_file()
    {
        var bytes = DataFolder.Gzip(string.Concat(Enumerable.Repeat("1,2,0\n", 500)));
        var file = _folder.Write("t.csv.gz", bytes[..^9]);
        Assert.Contains("t.csv.gz: the gzip data are damaged", _folder.Fails<DataException>(new CsvSource(file, 2)));
    }

    private CsvSource Source(string text) => new(_folder.Write("table.csv", text), 2);
}
