namespace Sidestep.Training.Tests.Compression;

/// <summary>Compressors as text.</summary>
public sealed class CompressorSyntaxTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData(" top-k( 0.01 ) ", "top-k(0.01)")]
    [InlineData("top-k(1%)", "top-k(0.01)")]
    [InlineData("top-k(0.5%)", "top-k(0.005)")]
    [InlineData("top-k(100)", "top-k(100)")]
    [InlineData("top-k(1)", "top-k(1)")]
    [InlineData("top-k(1.0)", "top-k(1.0)")]
    [InlineData("top-k(100%)", "top-k(1.0)")]
    [InlineData("top-k(1e-5)", "top-k(1E-05)")]
    [InlineData("feedback( top-k(1%) )", "feedback(top-k(0.01))")]
    [InlineData("feedback(none)", "feedback(none)")]
    public void Text_is_read(string text, string name) => Assert.Equal(name, CompressorSyntax.Parse(text).Name);

    [Theory]
    [InlineData("", "missing")]
    [InlineData("topk(0.01)", "the nearest is 'top-k'")]
    [InlineData("feedbak(top-k(0.01))", "the nearest is 'feedback'")]
    [InlineData("feedback(tok-k(0.01))", "'tok-k'")]
    [InlineData("zip", "'zip'")]
    [InlineData("none(3)", "none takes nothing")]
    [InlineData("none()x", "does not end")]
    [InlineData("top-k", "one ratio or count")]
    [InlineData("top-k()", "one ratio or count")]
    [InlineData("top-k(0.1,0.2)", "one ratio or count")]
    [InlineData("top-k(x)", "'x'")]
    [InlineData("top-k(0)", "top-k(1)")]
    [InlineData("top-k(0.0)", "greater than 0")]
    [InlineData("top-k(-0.1)", "greater than 0")]
    [InlineData("top-k(1.5)", "top-k(1.0)")]
    [InlineData("top-k(150%)", "top-k(1.0)")]
    [InlineData("top-k(NaN)", "NaN")]
    [InlineData("top-k(99999999999)", "too large")]
    [InlineData("top-k(0.01", "does not end")]
    [InlineData("feedback(top-k(0.01)", "without its ')'")]
    [InlineData("feedback(top-k(0.01)))", "without its '('")]
    [InlineData("feedback", "one compressor")]
    [InlineData("feedback()", "one compressor")]
    [InlineData("feedback(feedback(none))", "memory of its own")]
    [InlineData("((((((((((((((((", "nested")]
    public void Wrong_text_names_the_piece(string text, string mentions)
    {
        var error = Assert.Throws<ConfigurationException>(() => CompressorSyntax.Parse(text));

        Assert.Contains(mentions, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_entry_has_an_example_of_its_own_name()
    {
        foreach (var entry in CompressorCatalog.Entries)
        {
            Assert.StartsWith(entry.Name, CompressorSyntax.Parse(entry.Example).Name, StringComparison.Ordinal);
            Assert.NotEmpty(entry.Summary);
        }
    }
}
