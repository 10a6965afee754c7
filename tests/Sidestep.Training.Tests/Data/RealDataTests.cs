using Xunit.Abstractions;

namespace Sidestep.Training.Tests.Data;

/// <summary>Counts of public data sets as their sources state them. Skipped with a message where the files are not there.</summary>
public sealed class RealDataTests(ITestOutputHelper output) : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mnist_training_set_has_its_known_counts()
    {
        if (Found("mnist/train-images-idx3-ubyte.gz") is { } images && Found("mnist/train-labels-idx1-ubyte.gz") is { } labels)
        {
            var data = _folder.Open(new IdxSource(images, labels, 10));
            Assert.Equal((60_000L, 784), (data.Count, data.Features));
            Assert.Equal([5923L, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], data.ClassCounts().ToArray());
        }
    }

    [Theory]
    [InlineData("a9a.gz", 123, 2, 32_561, 451_592, new long[] { 24_720, 7_841 })]
    [InlineData("a9a.t.gz", 123, 2, 16_281, -1, new long[] { 12_435, 3_846 })]
    [InlineData("mushrooms.gz", 112, 2, 8_124, 170_604, new long[] { 3_916, 4_208 })]
    [InlineData("phishing.gz", 68, 2, 11_055, 331_650, new long[] { 4_898, 6_157 })]
    [InlineData("heart_scale", 13, 2, 270, -1, new long[] { 150, 120 })]
    [InlineData("news20.gz", 62_061, 20, 15_935, 1_272_569, null)]
    public async Task Libsvm_set_has_its_known_counts(string file, int features, int classes, int rows, int nonZeros, long[]? counts)
    {
        if (Found("libsvm/" + file) is { } path)
        {
            var data = _folder.Open(new LibsvmSource(path, features, classes));
            Assert.Equal(rows, data.Count);
            Assert.Equal(counts ?? [.. data.ClassCounts()], data.ClassCounts().ToArray());
            var plan = BatchPlan.For(data, 1, 0, 1);
            var numbers = new long[plan.Size(0)];
            plan.Rows(0, 0, numbers);
            var batch = await data.Rows(1).ReadAsync(0, numbers, default);
            Assert.Equal(nonZeros < 0 ? batch.Values.Length : nonZeros, batch.Values.Length);
        }
    }

    [Fact]
    public void Tables_have_their_known_counts()
    {
        Table("covertype-15120.csv.gz", f => new CsvSource(f, 7) { Header = true, Drop = ["Id"] }, 15_120, 54, [2160, 2160, 2160, 2160, 2160, 2160, 2160]);
        Table("iris.csv.gz", f => new CsvSource(f, 3) { Header = true }, 150, 4, [50, 50, 50]);
        Table("breast-cancer-wdbc.csv.gz", f => new CsvSource(f, 2) { Header = true, Label = "1", LabelNames = ["B", "M"], Drop = ["0"] }, 569, 30, [357, 212]);
        Table("winequality-red.csv.gz", f => new CsvSource(f, 0) { Header = true }, 1_599, 11, []);
        Table("optdigits.tes.csv.gz", f => new CsvSource(f, 10), 1_797, 64, null);
    }

    [Fact]
    public void Table_with_blanks_is_refused_with_row_and_column()
    {
        if (Found("tabular/california-housing.csv.gz") is { } path)
        {
            var message = _folder.Fails<DataException>(new CsvSource(path, 0) { Header = true, Label = "median_house_value", Drop = ["ocean_proximity"] });
            Assert.Contains("row 183 (line 184), column 5 (total_bedrooms): empty", message);
        }
    }

    private void Table(string file, Func<string, CsvSource> source, int rows, int features, long[]? counts)
    {
        if (Found("tabular/" + file) is { } path)
        {
            var data = _folder.Open(source(path));
            Assert.Equal(((long)rows, features), (data.Count, data.Features));
            Assert.Equal(counts ?? [.. data.ClassCounts()], data.ClassCounts().ToArray());
        }
    }

    private string? Found(string name)
    {
        var path = Path.Combine(Folder(), name);
        if (File.Exists(path))
        {
            return path;
        }

        output.WriteLine($"SKIPPED: {name} is not there; set SIDESTEP_DATA to the folder of data sets");
        return null;
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("SIDESTEP_DATA") is { Length: > 0 } set)
        {
            return set;
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Sidestep.slnx")))
        {
            root = root.Parent;
        }

        return Path.Combine(root?.FullName ?? ".", "..", "shared", "data");
    }
}
