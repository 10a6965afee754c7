using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

public sealed partial class CommandTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Catalog_lists_everything_by_kind()
    {
        Assert.Equal(0, _bench.Run("catalog", "--json"));
        var entries = JsonNode.Parse(_bench.Output)!.AsArray();
        foreach (var kind in SidestepCatalog.Kinds)
        {
            Assert.Contains(entries, e => (string)e!["kind"]! == kind);
        }

        string[] names =
        [
            "uncoded", "drop-slowest", "fractional-repetition", "cyclic-repetition", "reissue", "dynamic-shards", "backup-workers", "stale-synchronous", "pair-lines", "axes", "axes-and-pairs", "greedy-lines", "directions", "none", "top-k", "feedback",
            "sgd", "momentum", "nesterov", "adam", "adamw", "star-all-reduce", "ring-all-reduce", "coded-descent", "async-descent",
            "local-descent", "sim", "threads", "tcp", "perceptron", "softmax", "logistic", "least-squares", "digit-pictures",
        ];
        Assert.All(names, name => Assert.Contains(entries, e => (string)e!["name"]! == name));
        Assert.Equal(0, _bench.Run("catalog", "codes"));
        Assert.DoesNotContain("momentum", _bench.Output, StringComparison.Ordinal);
        Assert.Equal(78, _bench.Run("catalog", "coders"));
        Assert.Contains("'codes'", _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("top-k(0.1)", 1)]
    [InlineData("feedback(top-k(5%))", 1)]
    public void Compress_and_decompress_give_back_what_the_compressor_promises(string compressor, double error)
    {
        var vector = Vector(1000);
        File.WriteAllBytes(_bench.In("v.f32"), MemoryMarshal.AsBytes<float>(vector).ToArray());
        Assert.Equal(0, _bench.Run("compress", _bench.In("v.f32"), _bench.In("v.bin"), "--with", compressor, "--json"));
        var report = JsonNode.Parse(_bench.Output)!;
        Assert.Equal(1000, (int)report["elements"]!);
        Assert.InRange((double)report["relativeError"]!, 0, error);
        Assert.Equal(0, _bench.Run("decompress", _bench.In("v.bin"), _bench.In("w.f32")));
        var back = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_bench.In("w.f32"))).ToArray();
        Assert.Equal(1000, back.Length);
        if (error == 0)
        {
            Assert.Equal(vector, back);
        }
        else
        {
            Assert.True((double)report["ratio"]! > 5);
            Assert.All(back.Zip(vector), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
            Assert.Equal(compressor.Contains('5', StringComparison.Ordinal) ? 50 : 100, back.Count(x => x != 0));
        }
    }

    [Fact]
    public void Damaged_compressed_files_are_refused_with_exit_code_65()
    {
        File.WriteAllBytes(_bench.In("v.f32"), MemoryMarshal.AsBytes<float>(Vector(64)).ToArray());
        Assert.Equal(0, _bench.Run("compress", _bench.In("v.f32"), _bench.In("v.bin"), "--with", "top-k(8)"));
        var good = File.ReadAllBytes(_bench.In("v.bin"));
        foreach (var length in (int[])[0, 5, 13, 20, good.Length - 1])
        {
            File.WriteAllBytes(_bench.In("cut.bin"), good[..length]);
            Assert.InRange(_bench.Run("decompress", _bench.In("cut.bin"), _bench.In("w.f32")), 65, 78);
            Assert.False(File.Exists(_bench.In("w.f32")));
        }

        Assert.Equal(65, _bench.Run("decompress", _bench.In("none.bin"), _bench.In("w.f32")));
        File.WriteAllBytes(_bench.In("odd.f32"), new byte[7]);
        Assert.Equal(65, _bench.Run("compress", _bench.In("odd.f32"), _bench.In("v.bin"), "--with", "none"));
        Assert.Contains("7 bytes", _bench.Errors, StringComparison.Ordinal);
        File.WriteAllBytes(_bench.In("nan.f32"), BitConverter.GetBytes(float.NaN));
        Assert.Equal(65, _bench.Run("compress", _bench.In("nan.f32"), _bench.In("v.bin"), "--with", "top-k(1)"));
        Assert.Equal(78, _bench.Run("compress", _bench.In("v.f32"), _bench.In("v.bin"), "--with", "topk(1)"));
    }

    [Fact]
    public void Doctor_names_the_numeric_class()
    {
        Assert.Equal(0, _bench.Run("doctor", "--json"));
        var view = JsonNode.Parse(_bench.Output)!;
        Assert.True((bool)view["ok"]!);
        Assert.NotEmpty((string)view["numericClass"]!);
    }

    [Theory]
    [InlineData("rnu", 64)]
    [InlineData("", 64)]
    [InlineData("run", 64)]
    [InlineData("run a.json --resume", 64)]
    [InlineData("run a.json --resume --force --out x", 64)]
    [InlineData("run a.json --port 70000", 64)]
    [InlineData("catalog a b", 64)]
    [InlineData("run no-such-spec.json", 78)]
    public void Bad_command_lines_end_with_the_documented_code(string line, int code)
    {
        Assert.Equal(code, _bench.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith("error: ", _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("demo")]
    [InlineData("catalog")]
    [InlineData("code")]
    [InlineData("code show")]
    [InlineData("code decode")]
    [InlineData("compress")]
    [InlineData("decompress")]
    [InlineData("doctor")]
    public void Help_ends_with_an_example(string path)
    {
        Assert.Equal(0, _bench.Run([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]));
        Assert.Contains("Example:", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("sidestep " + path, _bench.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    [InlineData("docs/spec-format.md")]
    [InlineData("docs/exit-codes.md")]
    public void Commands_in_the_docs_exist(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, file));
        foreach (System.Text.RegularExpressions.Match match in CommandWords().Matches(text))
        {
            var words = match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(_bench.Run([.. words, "--help"]) == 0, $"{file}: {match.Value}");
        }

        foreach (System.Text.RegularExpressions.Match match in SpecNames().Matches(text))
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, match.Value)), $"{file}: {match.Value}");
        }
    }

    private static float[] Vector(int length)
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        var vector = new float[length];
        for (var i = 0; i < length; i++)
        {
            vector[i] = (float)rng.NextGaussian();
        }

        return vector;
    }

    [GeneratedRegex(@"(?m)^\s*\./sidestep ((?:code )?[a-z]+)")]
    private static partial Regex CommandWords();

    [GeneratedRegex(@"experiments/[a-z0-9-]+\.json")]
    private static partial Regex SpecNames();
}
