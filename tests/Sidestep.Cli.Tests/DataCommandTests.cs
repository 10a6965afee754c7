using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidestep.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Import_verify_and_show_work_together()
    {
        WriteTable("t.csv", 400);
        Assert.Equal(0, _bench.Run("data", "import", _bench.In("t.csv"), "--out", _bench.In("t"), "--header", "--drop", "id", "--shard-size", "64KiB", "--json"));
        var report = JsonNode.Parse(_bench.Output)!;
        Assert.Equal((400, 4, 3), ((int)report["rows"]!, (int)report["features"]!, (int)report["classes"]!));
        Assert.True((double)report["megabytesPerCoreSecond"]! > 0);
        Assert.Equal(0, _bench.Run("data", "verify", _bench.In("t")));
        Assert.StartsWith("ok: ", _bench.Output, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("data", "show", _bench.In("t"), "--rows", "2", "--from", "7"));
        Assert.Contains("400 rows of 4 features, dense float32, 3 classes", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("rows of each class: high: 133, low: 134, mid: 133", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("row 7: label 2 (mid)", _bench.Output, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("data", "show", _bench.In("t"), "--json"));
        Assert.Equal((string)report["fingerprint"]!, (string)JsonNode.Parse(_bench.Output)!["manifest"]!["fingerprint"]!);
    }

    [Fact]
    public void Test_set_is_imported_like_the_training_set()
    {
        _bench.Write("train.csv", "1,low\n2,mid\n3,high\n");
        _bench.Write("test.csv", "4,mid\n5,mid\n");
        Assert.Equal(0, _bench.Run("data", "import", _bench.In("train.csv"), "--out", _bench.In("train")));
        Assert.Equal(0, _bench.Run("data", "import", _bench.In("test.csv"), "--out", _bench.In("test"), "--like", _bench.In("train")));
        Assert.Equal(0, _bench.Run("data", "show", _bench.In("test")));
        Assert.Contains("row 0: label 2 (mid)", _bench.Output, StringComparison.Ordinal);
        _bench.Write("other.csv", "4,odd\n");
        Assert.Equal(65, _bench.Run("data", "import", _bench.In("other.csv"), "--out", _bench.In("other"), "--like", _bench.In("train")));
        Assert.Contains("label 'odd' is out of range; known are high, low, mid", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_on_shards_has_the_bytes_of_a_run_on_the_file()
    {
        WriteTable("t.csv", 300, words: false);
        WriteTable("e.csv", 60, words: false);
        foreach (var name in (string[])["t", "e"])
        {
            Assert.Equal(0, _bench.Run("data", "import", _bench.In($"{name}.csv"), "--out", _bench.In(name), "--header", "--classes", "3", "--shard-size", "64KiB"));
        }

        var file = Train("file", """{ "kind": "csv", "file": "t.csv", "test": "e.csv", "classes": 3, "header": true }""");
        var shards = Train("shards", """{ "kind": "shards", "path": "t", "test": "e", "resident": "10GB" }""");
        Assert.Equal((string)file["trajectoryHash"]!, (string)shards["trajectoryHash"]!);
        Assert.Equal((double)file["accuracy"]!, (double)shards["accuracy"]!);
        Assert.Equal(32, ((string)shards["spec"]!["data"]!["fingerprint"]!).Length);
        Assert.Equal(32, ((string)shards["spec"]!["data"]!["testFingerprint"]!).Length);
    }

    [Fact]
    public void Resume_with_other_data_in_the_same_place_is_refused()
    {
        Assert.Equal(0, _bench.Run("data", "generate", "--rows", "200", "--features", "3", "--classes", "3", "--out", _bench.In("t")));
        var data = """{ "kind": "shards", "path": "t" }""";
        _ = Train("run", data);
        Assert.Equal(0, _bench.Run("data", "generate", "--rows", "200", "--features", "3", "--classes", "3", "--seed", "2", "--out", _bench.In("t"), "--force"));
        Assert.Equal(78, _bench.Run("run", Spec(data), "--out", _bench.In("run"), "--fabric", "threads", "--resume", "--set", "rounds=9"));
        Assert.Contains("data is", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("fingerprint", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_that_meets_a_flipped_bit_ends_with_65_and_names_the_place()
    {
        Assert.Equal(0, _bench.Run("data", "generate", "--rows", "200", "--features", "3", "--classes", "3", "--out", _bench.In("t")));
        var shard = Path.Combine(_bench.In("t"), "shard-00000.bin");
        var bytes = File.ReadAllBytes(shard);
        bytes[5000] ^= 1;
        File.WriteAllBytes(shard, bytes);
        Assert.Equal(65, _bench.Run("data", "verify", _bench.In("t")));
        Refused("shard-00000.bin, bytes 4096 to ", "expected");
        Assert.Equal(65, _bench.Run("data", "verify", _bench.In("t"), "--json"));
        Assert.False((bool)JsonNode.Parse(_bench.Output)!["ok"]!);
        var code = _bench.Run("run", Spec("""{ "kind": "shards", "path": "t" }"""), "--out", _bench.In("run"), "--fabric", "threads");
        Assert.Equal(65, code);
        Refused("shard-00000.bin, bytes 4096 to ");
    }

    [Theory]
    [InlineData(78, "is not known; the nearest is 'csv'", "t.csv", "--format", "cvs")]
    [InlineData(65, "row 2, column 2 (a)", "bad.csv", "--header")]
    [InlineData(65, "there is no such file", "none.csv")]
    [InlineData(78, "looks like none of", "letter.txt")]
    [InlineData(78, "--features is for libsvm, but the source is csv", "t.csv", "--features", "3")]
    [InlineData(78, "--classes is for csv, idx, libsvm, but the source is pictures", "folder", "--classes", "3")]
    [InlineData(78, "--shard-size is 'large'", "t.csv", "--shard-size", "large")]
    [InlineData(78, "64 KiB", "t.csv", "--shard-size", "1KB")]
    [InlineData(78, "name it with --labels", "i.idx")]
    [InlineData(78, "there is no column 'x'", "t.csv", "--header", "--label", "x")]
    [InlineData(65, "no imported data set", "t.csv", "--like", "folder")]
    public void Bad_import_is_refused_and_leaves_nothing(int code, string why, string source, params string[] flags)
    {
        WriteTable("t.csv", 5);
        _bench.Write("bad.csv", "id,a,y\n1,2,0\n2,NaN,1\n");
        _bench.Write("letter.txt", "Dear reader\n");
        Directory.CreateDirectory(_bench.In("folder"));
        File.WriteAllBytes(_bench.In("i.idx"), [0, 0, 8, 3, 0, 0, 0, 1]);
        flags = [.. flags.Select(f => f == "folder" ? _bench.In(f) : f)];
        Assert.Equal(code, _bench.Run(["data", "import", _bench.In(source), "--out", _bench.In("out"), .. flags]));
        Refused(why);
        Assert.Empty(Directory.GetFileSystemEntries(_bench.Folder, "*out*"));
    }

    [Fact]
    public void Other_bad_commands_say_what_is_wrong()
    {
        Assert.Equal(65, _bench.Run("data", "verify", _bench.Folder));
        Refused("no imported data set");
        Assert.Equal(65, _bench.Run("data", "show", _bench.In("none")));
        Refused("there is no such file");
        Assert.Equal(78, _bench.Run("data", "generate", "--rows", "0", "--features", "3", "--out", _bench.In("g")));
        Refused("at least 1");
        Assert.Equal(0, _bench.Run("data", "generate", "--rows", "5", "--features", "2", "--out", _bench.In("g.csv")));
        Assert.Equal(73, _bench.Run("data", "generate", "--rows", "5", "--features", "2", "--out", _bench.In("g.csv")));
        Assert.Equal(0, _bench.Run("data", "import", _bench.In("g.csv"), "--out", _bench.In("g")));
        Assert.Equal(73, _bench.Run("data", "import", _bench.In("g.csv"), "--out", _bench.In("g")));
        Assert.Equal(78, _bench.Run("data", "show", _bench.In("g"), "--from", "5"));
        Assert.Equal(78, _bench.Run("run", Spec("""{ "kind": "shards", "path": "g", "resident": "1MB" }"""), "--out", _bench.In("run")));
        Refused("resident is 1MB", "at least");
        Assert.Equal(78, _bench.Run("run", Spec("""{ "kind": "shards", "path": "g", "resident": "little" }"""), "--out", _bench.In("run2")));
        Refused("data.resident is 'little'");
    }

    private void Refused(params string[] expected)
    {
        Assert.All(expected, text => Assert.Contains(text, _bench.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    private JsonNode Train(string name, string data)
    {
        var code = _bench.Run("run", Spec(data), "--out", _bench.In(name), "--fabric", "threads", "--json");
        Assert.True(code == 0, _bench.Errors);
        return JsonNode.Parse(_bench.Output)!;
    }

    private string Spec(string data) => _bench.Write("spec.json", $$"""
        {
          "version": 1,
          "data": {{data}},
          "objective": { "kind": "softmax", "l2": 0.001 },
          "code": { "name": "fractional-repetition", "workers": 4, "stragglers": 1 },
          "optimizer": { "name": "sgd", "rate": 0.2 },
          "samples": 40,
          "rounds": 6,
          "kernels": "managed"
        }
        """);

    private void WriteTable(string name, int rows, bool words = true)
    {
        var text = new StringBuilder("id,a,b,c,d,y\n");
        string[] names = ["low", "mid", "high"];
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{i * 0.25},{-i},\"{i % 7}\",{i % 3}.5,{(words ? names[i % 3] : i % 3)}\n");
        }

        _bench.Write(name, text.ToString());
    }
}
