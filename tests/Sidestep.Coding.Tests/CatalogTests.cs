namespace Sidestep.Coding.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Entries_are_named_as_their_codes()
    {
        Assert.Equal(
            ["uncoded", "drop-slowest", "fractional-repetition", "cyclic-repetition", "cyclic-mds", "reed-solomon", "ye-abbe", "grouped-linear", "reissue", "dynamic-shards", "backup-workers", "pair-lines",
                "axes", "axes-and-pairs", "greedy-lines", "directions"],
            CodeCatalog.Entries.Select(entry => entry.Name));
        Assert.All(CodeCatalog.Entries, entry => Assert.Equal(entry.Name, Examples.Usual(entry.Name).Name));
    }

    [Fact]
    public void Misspelled_name_gets_the_nearest()
    {
        var error = Assert.Throws<ConfigurationException>(() => CodeCatalog.Find("fractional-repetion"));
        Assert.Contains("the nearest is 'fractional-repetition'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uncoded", 0, 0)]
    [InlineData("drop-slowest", 4, 4)]
    [InlineData("backup-workers", 4, 4)]
    [InlineData("dynamic-shards", 0, 0)]
    [InlineData("fractional-repetition", 4, -1)]
    [InlineData("cyclic-repetition", 3, 5)]
    [InlineData("cyclic-mds", 3, 5)]
    [InlineData("reed-solomon", 3, 5)]
    [InlineData("ye-abbe", 6, 0)]
    [InlineData("grouped-linear", 6, 0)]
    [InlineData("reissue", -1, 0)]
    [InlineData("pair-lines", 8, 0)]
    [InlineData("axes", 0, 0)]
    [InlineData("axes", 6, 6)]
    [InlineData("axes-and-pairs", 10, 0)]
    [InlineData("pair-lines", 12, -1)]
    public void Bad_parameters_are_refused_with_the_value_and_a_way_out(string name, int workers, int stragglers)
    {
        var error = Assert.Throws<ConfigurationException>(
            () => CodeCatalog.Find(name).Create(new CodeParameters { Workers = workers, Stragglers = stragglers }));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Matches("nearest|set workers", error.Message);
    }

    [Fact]
    public void Pair_lines_takes_blocks_or_workers()
    {
        var entry = CodeCatalog.Find("pair-lines");
        Assert.Equal(3, entry.Create(new CodeParameters { Workers = 6 }).Table.Blocks);
        Assert.Equal(12, entry.Create(new CodeParameters { Blocks = 4 }).Table.Workers);
        var error = Assert.Throws<ConfigurationException>(() => entry.Create(new CodeParameters { Workers = 8 }));
        Assert.Contains("12 workers (4 blocks)", error.Message, StringComparison.Ordinal);
    }
}
