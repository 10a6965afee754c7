using System.Text;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>Texts and the layers over them, through the command.</summary>
public sealed class TextTests : IDisposable
{
    private const string Transformer = """
        {
          "kind": "network",
          "layers": [
            { "kind": "embedding", "channels": 16 },
            { "kind": "positions" },
            { "kind": "residual", "layers": [{ "kind": "layer-norm" }, { "kind": "attention", "heads": 2 }] },
            { "kind": "residual", "layers": [{ "kind": "layer-norm" }, { "kind": "dense", "outputs": 32 }, { "kind": "gelu" }, { "kind": "dense", "outputs": 16 }] },
            { "kind": "layer-norm" },
            { "kind": "dense" }
          ]
        }
        """;

    private readonly CliBench _bench = new();

    public TextTests() => _bench.Write("text.txt", string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog\n", 40)));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Transformer_learns_a_text_and_tells_tokens_per_second_and_vocabulary()
    {
        Assert.True(Run("a", "--set", "rounds=60") == 0, _bench.Errors);
        Assert.Contains("text: 1474 windows of 12 characters to train on; vocabulary of 28: \\n abcdefghijklmnopqrstuvwxyz", _bench.Errors, StringComparison.Ordinal);
        Assert.Matches("[0-9.]+ samples/s, [0-9]+ tokens/s", _bench.Output);
        var result = JsonNode.Parse(File.ReadAllText(_bench.In("a/result.json")))!;
        Assert.InRange((double)result["metrics"]!["validation"]!["loss"]!, 0.01, 1.5);
        Assert.InRange((double)result["metrics"]!["validation"]!["accuracy"]!, 0.6, 1);
        Assert.Equal(12 * (double)result["samplesPerSecond"]!, (double)result["tokensPerSecond"]!, 1e-6 * (double)result["tokensPerSecond"]!);
    }

    [Fact]
    public void Runs_with_workers_lost_end_with_the_bytes_of_undisturbed_ones()
    {
        foreach (var name in (string[])["fractional-repetition", "reissue"])
        {
            var code = $"code={{\"name\":\"{name}\",\"workers\":4,\"stragglers\":{(name == "reissue" ? 0 : 1)}}}";
            Assert.True(Run($"{name}-quiet", "--fabric", "sim", "--set", code) == 0, _bench.Errors);
            Assert.True(Run(name, "--fabric", "sim", "--set", code, "--kill", "3@2,3@5", "--slow", "1:50ms") == 0, _bench.Errors);
            Assert.Equal(Hash($"{name}-quiet"), Hash(name));
        }
    }

    [Fact]
    public void Test_set_is_the_end_of_the_text()
    {
        Assert.True(Run("a", "--set", "data.test=0.2") == 0, _bench.Errors);
        Assert.Contains("test: ", _bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Flattened_positions_learn_the_character_behind_the_window()
    {
        const string Flat = """{"kind":"network","layers":[{"kind":"embedding","channels":8},{"kind":"flatten"},{"kind":"dense"}]}""";
        Assert.True(Run("a", "--set", $"objective={Flat}") == 0, _bench.Errors);
    }

    [Fact]
    public void Check_finds_the_transformers_gradient_sound()
    {
        Assert.True(_bench.Run("check", Spec()) == 0, _bench.Output + _bench.Errors);
        Assert.Contains("layer2.1.output.weight", _bench.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.context=0", 78, "data.context is 0")]
    [InlineData("data.context=5000", 65, "1760 characters; a window of context 5000 needs 5001: choose a context of at most 1759")]
    [InlineData("data.stride=13", 78, "stride is 13; it must be 1 to the context, 12")]
    [InlineData("data.characters=utf-8", 78, "data.characters is 'utf-8'")]
    [InlineData("data.test=0.999", 78, "data.test is 0.999")]
    [InlineData("validation.fraction=0.9999", 78, "both must be at least 1")]
    [InlineData("validation.seed=3", 78, "validation.seed says which rows are drawn, but of a text the end is held out")]
    [InlineData("data.path=none.txt", 65, "there is no such file")]
    public void Unusable_keys_are_refused_with_what_would_do(string set, int exit, string expected) => Refused(exit, expected, "--set", set);

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "all characters are alike")]
    public void Texts_to_learn_nothing_from_are_refused(string text, string expected)
    {
        _bench.Write("text.txt", text);
        Refused(65, expected);
    }

    [Fact]
    public void Another_encoding_is_named()
    {
        File.WriteAllBytes(_bench.In("text.txt"), Encoding.Unicode.GetBytes("the quick brown fox jumps over the lazy dog"));
        Refused(65, "it looks like UTF-16; save the text as UTF-8");
        File.WriteAllBytes(_bench.In("text.txt"), Encoding.Latin1.GetBytes("Köln, Köln, Köln, Köln, Köln, Köln, Köln"));
        Refused(65, "byte 1 is 0xf6, which is not UTF-8 there; save the text as UTF-8, or take bytes as characters (characters: bytes)");
        Assert.True(Run("b", "--set", "data.characters=bytes", "--set", "samples=4", "--set", "data.context=4") == 0, _bench.Errors);
    }

    [Theory]
    [InlineData("""[{"kind":"attention","heads":2},{"kind":"dense"}]""", "layer 0 (attention): attention.heads is 2, which does not divide the 1 channels of 12 × 1 × 1")]
    [InlineData("""[{"kind":"embedding","channels":15},{"kind":"attention","heads":2},{"kind":"dense"}]""", "layer 1 (attention): attention.heads is 2, which does not divide the 15 channels")]
    [InlineData("""[{"kind":"embedding","channels":8,"vocabulary":5},{"kind":"dense"}]""", "objective.layers[0] (embedding) has a vocabulary of 5, but text has 28 different characters")]
    [InlineData("""[{"kind":"embedding","channels":8},{"kind":"residual","layers":[{"kind":"dense"}]},{"kind":"dense"}]""", "objective.layers[1].layers[0] (dense) needs the key 'outputs'")]
    [InlineData("""[{"kind":"embedding","channels":8},{"kind":"residual","layers":[{"kind":"dense","outputs":9}]},{"kind":"dense"}]""", "residual adds its input, 12 × 1 × 8, to what its layers make of it, 12 × 1 × 9")]
    [InlineData("""[{"kind":"embedding","channels":8},{"kind":"residual","layers":[]},{"kind":"dense"}]""", "objective.layers[1].layers has 0 entries; it must have 1 to 1024")]
    [InlineData("""[{"kind":"embeding","channels":8}]""", "is 'embeding'; the nearest is 'embedding'")]
    [InlineData("""[{"kind":"embedding","channels":8},{"kind":"dense","outputs":9}]""", "the last layer gives 12 × 1 × 9; next tokens of a vocabulary of 28")]
    public void Layers_that_do_not_fit_are_named(string layers, string expected) =>
        Refused(78, expected, "--set", $"objective={{\"kind\":\"network\",\"layers\":{layers}}}");

    [Fact]
    public void Validation_text_with_other_characters_is_refused()
    {
        _bench.Write("other.txt", "THE QUICK BROWN FOX");
        Refused(65, "other has other characters than text", "--set", "validation={\"data\":{\"kind\":\"text\",\"path\":\"other.txt\",\"context\":12}}");
    }

    [Fact]
    public void Embedding_without_a_text_needs_its_vocabulary()
    {
        const string Data = """{"kind":"gaussian-mixture","count":200,"features":6,"classes":3}""";
        Refused(78, "objective.layers[0] (embedding) needs the key 'vocabulary': the data are no text", "--set", $"data={Data}");
    }

    private void Refused(int exit, string expected, params string[] set)
    {
        Assert.Equal(exit, Run("refused", set));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    private int Run(string name, params string[] more) => _bench.Run(["run", Spec(), "--out", _bench.In(name), .. more]);

    private string Hash(string name) => (string)JsonNode.Parse(File.ReadAllText(_bench.In($"{name}/result.json")))!["trajectoryHash"]!;

    private string Spec() => _bench.Write("spec.json", $$"""
        {
          "version": 1,
          "data": { "kind": "text", "path": "text.txt", "context": 12, "stride": 1 },
          "objective": {{Transformer}},
          "code": { "name": "uncoded", "workers": 4 },
          "optimizer": { "name": "adamw", "rate": 0.01, "warmUp": 5 },
          "samples": 8,
          "rounds": 8,
          "validation": { "fraction": 0.15 },
          "kernels": "managed"
        }
        """);
}
