using System.Text.Json.Nodes;

namespace Sidestep.Cli.Tests.Chaos;

/// <summary>The law of exact schemes, through the command and on every fabric: deaths and delays change when a run ends, never what it computes.</summary>
public sealed class LawOnProcessesTests : IDisposable
{
    private const string Reissue = """code={ "name": "reissue", "workers": 6 }""";
    private const string Feedback = "compress=feedback(top-k(0.01))";

    // Slots of three different groups; the groups of this table are {0, 1}, {2, 3} and {4, 5}.
    private const string OneOfEachGroup = "0@8,2@18,4@28";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Fractional_repetition_computes_the_same_bytes_on_every_fabric_and_under_deaths()
    {
        var calm = Hash(Run("sim"));
        Assert.Equal(calm, Hash(Run("threads")));
        Assert.Equal(calm, Hash(Run("tcp")));
        Deaths(Run("tcp", "--kill", OneOfEachGroup), [0, 2, 4], calm);
    }

    [Fact]
    public void Reissue_survives_the_death_of_half_of_the_processes_at_once()
    {
        var calm = Hash(Run("sim", "--set", Reissue));
        Deaths(Run("tcp", "--set", Reissue, "--kill", "0@10,2@10,4@10"), [0, 2, 4], calm);
    }

    [Theory]
    [InlineData("""code={ "name": "fractional-repetition", "workers": 6, "stragglers": 1 }""")]
    [InlineData("""code={ "name": "reissue", "workers": 6, "chunks": 4 }""")]
    [InlineData("""code={ "name": "dynamic-shards", "workers": 6, "shards": 4 }""")]
    public void Death_of_all_but_two_that_never_return_is_made_up_for(string code)
    {
        var calm = Hash(Run("sim", "--set", code));
        foreach (var fabric in new[] { "sim", "threads", "tcp" })
        {
            Deaths(Run(fabric, "--set", code, "--kill", "0@10,1@10,2@20,3@20", "--set", "respawn=never"), [0, 1, 2, 3], calm);
        }
    }

    // Memory is gone, and said to be gone, if the one replica dies while the other lags behind it: on a busy machine that happens without rehearsal.
    [Fact]
    public void Feedback_outlives_the_processes_that_hold_it()
    {
        const int Attempts = 3;
        var calm = Hash(Run("sim", "--set", Feedback));
        for (var attempt = 1; ; attempt++)
        {
            var result = Run("tcp", "--set", Feedback, "--kill", OneOfEachGroup, "--set", "compute=emulated(30ms)");
            if (!Forgot())
            {
                Deaths(result, [0, 2, 4], calm);
                return;
            }

            Assert.InRange(attempt, 1, Attempts - 1);
        }
    }

    [Fact]
    public void Feedback_is_handed_to_a_returned_slot_before_its_other_holder_dies()
    {
        string[] same = ["--set", Feedback, "--set", "rounds=120"];
        var calm = Hash(Run("sim", same));
        Deaths(Run("sim", [.. same, "--kill", "2@5,3@45,2@85"]), [2, 3], calm);
        Assert.False(Forgot());
    }

    [Theory]
    [InlineData("tcp", "none")]
    [InlineData("sim", "none")]
    [InlineData("sim", "feedback(top-k(0.01))")]
    public void More_deaths_than_promised_end_the_run_resumably_with_their_names(string fabric, string compress)
    {
        string[] same = compress == "none" ? ["--set", "code.reissue=false"] : ["--set", $"compress={compress}"];
        var calm = Hash(Run("sim", same));
        Assert.Equal(69, Command(fabric, [.. same, "--force", "--kill", "0@4,2@10,3@10", "--set", "respawn=never", "--set", "quorumTimeout=5s"]));
        var lost = JsonNode.Parse(_bench.Output)!;
        Assert.Equal("quorum-lost", (string)lost["status"]!);
        Assert.Equal(10, (long)lost["rounds"]!);
        Assert.Contains("slots 0, 2, 3", (string)lost["reason"]!, StringComparison.Ordinal);
        Assert.True(File.Exists(_bench.In("run/state")));

        Assert.Equal(0, Command(fabric, [.. same, "--resume"]));
        var whole = JsonNode.Parse(_bench.Output)!;
        Assert.Equal(10, (long)whole["resumedFrom"]!);

        // Memory whose holders are all dead is gone and said to be; everything else goes on to the same bytes.
        Assert.Equal(compress != "none", Forgot());
        Assert.Equal(!Forgot(), Hash(whole) == calm);
    }

    private static string Hash(JsonNode result) => (string)result["trajectoryHash"]!;

    private static void Deaths(JsonNode result, int[] slots, string calm)
    {
        Assert.Equal(calm, Hash(result));
        Assert.Equal(slots, result["workers"]!.AsArray().Where(w => (long)w!["deaths"]! > 0).Select(w => (int)w!["id"]!));
    }

    private JsonNode Run(string fabric, params string[] flags)
    {
        var code = Command(fabric, ["--force", .. flags]);
        Assert.True(code == 0, _bench.Errors);
        return JsonNode.Parse(_bench.Output)!;
    }

    private int Command(string fabric, params string[] flags) =>
        _bench.Run(["run", Spec(), "--out", _bench.In("run"), "--fabric", fabric, "--json", .. flags]);

    private bool Forgot() => File.ReadAllText(_bench.In("run/events.jsonl")).Contains("feedback-reset", StringComparison.Ordinal);

    private string Spec() => _bench.Write("law.json", """
        {
          "version": 1,
          "data": { "kind": "digit-pictures", "count": 1200 },
          "objective": { "kind": "perceptron", "hidden": [32] },
          "code": { "name": "fractional-repetition", "workers": 6, "stragglers": 1 },
          "optimizer": { "name": "momentum", "rate": 0.1 },
          "samples": 96,
          "rounds": 40,
          "compute": "emulated(10ms)",
          "hashEvery": 10,
          "kernels": "managed"
        }
        """);
}
