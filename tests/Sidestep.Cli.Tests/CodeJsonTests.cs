using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>Reads the JSON of <c>code show</c> and <c>code decode</c> as a stranger would, and multiplies the matrices out.</summary>
public sealed class CodeJsonTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> ExactTables => new()
    {
        "uncoded --workers 5",
        "fractional-repetition --workers 9 --stragglers 2",
        "fractional-repetition --workers 7 --stragglers 2",
        "cyclic-repetition --workers 7 --stragglers 2",
        "cyclic-repetition --workers 6 --stragglers 1 --seed 5",
        "pair-lines --blocks 3",
        "axes-and-pairs --blocks 2",
        "axes --blocks 2 --workers 6",
        "greedy-lines --blocks 3 --workers 5 --weight 3",
    };

    [Theory]
    [MemberData(nameof(ExactTables))]
    public void Every_tolerated_set_of_workers_decodes_within_the_certificate(string code)
    {
        var table = Show(code);
        var stragglers = (int)table["guarantee"]!["stragglers"]!;
        foreach (var missing in Subsets((int)table["workers"]!, stragglers))
        {
            var rows = RowsWithout(table, missing);
            var decode = Decode(code, rows);
            Assert.Equal("exact", (string)decode["status"]!);
            Assert.InRange(Error(table, rows, decode), 0, 1e-6);
            Assert.InRange(Gain(table, decode), 0, ((double)table["certificate"]!["amplification"]! * (1 + 1e-9)) + 1e-9);
        }
    }

    [Theory]
    [InlineData("cyclic-repetition --workers 7 --stragglers 2")]
    [InlineData("fractional-repetition --workers 9 --stragglers 2")]
    [InlineData("uncoded --workers 5")]
    public void One_worker_less_than_promised_does_not_decode_for_some_set(string code)
    {
        var table = Show(code);
        var missing = (int)table["guarantee"]!["stragglers"]! + 1;
        Assert.Contains(Subsets((int)table["workers"]!, missing), set =>
        {
            var rows = RowsWithout(table, set);
            var decode = Decode(code, rows);
            return (string)decode["status"]! != "exact" && Error(table, rows, decode) > 0.1 && (double)decode["residual"]! > 0.1;
        });
    }

    [Fact]
    public void Show_has_the_documented_keys()
    {
        var table = Show("cyclic-repetition --workers 7 --stragglers 2");
        Assert.Equal(
            ["name", "workers", "partitions", "blocks", "items", "rows", "guarantee", "load", "communication", "certificate"],
            table.Select(p => p.Key));
        Assert.Equal(3, (double)table["load"]!);
        Assert.Equal(1, (double)table["communication"]!);
        Assert.True((bool)table["guarantee"]!["exact"]!);
        Assert.Equal(21, (long)table["certificate"]!["patterns"]!);
        Assert.True((bool)table["certificate"]!["exhaustive"]!);
    }

    [Theory]
    [InlineData("code show fractional-repetition --workers 5 --stragglers 5", 78, "nearest is 4")]
    [InlineData("code show cyclic-repetition --workers 7 --stragglers 2 --max-amplification 1", 78, "amplif")]
    [InlineData("code show cyclic --workers 7", 78, "cyclic-repetition")]
    [InlineData("code show uncoded --workers 0", 78, "workers")]
    [InlineData("code show uncoded --workers 3 --seed 1", 78, "no parameter 'seed'")]
    [InlineData("code decode uncoded --workers 3 --arrivals 0,3", 78, "rows 0 to 2")]
    [InlineData("code decode uncoded --workers 3 --arrivals 0,0", 78, "second time")]
    [InlineData("code decode uncoded --workers 3 --arrivals 0,x", 78, "'x' is not a row")]
    [InlineData("code decode uncoded --workers 3", 64, "--arrivals")]
    [InlineData("code show uncoded --workers three", 64, "three")]
    [InlineData("code show greedy-lines --workers 3 --blocks 2 --weight 3", 78, "weight 1 to 2, not 3; nearest is 2")]
    [InlineData("code show greedy-lines --workers 3", 78, "set blocks")]
    [InlineData("code show directions --file nowhere.csv", 78, "there is no file nowhere.csv")]
    [InlineData("code show directions", 78, "set file")]
    [InlineData("code show pair-lines --blocks 4 --groups 2 --workers 12", 78, "24 workers (4 blocks)")]
    [InlineData("code show pair-lines --blocks 4 --weight 2", 78, "no parameter 'weight'")]
    [InlineData("code show axes --workers 6 --blocks 4", 78, "not a multiple of 4 blocks; nearest is 8")]
    public void Bad_parameters_end_with_a_sentence_and_the_documented_code(string line, int code, string expected)
    {
        Assert.Equal(code, _bench.Run(line.Split(' ')));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
        Assert.Empty(_bench.Output);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_come_with_their_information()
    {
        var lines = Show("pair-lines --blocks 4 --groups 2")["lines"]!;
        Assert.Equal(
            ["lines", "groups", "weight", "rank", "coherence", "welchBound", "shared", "leastWithin", "mostWithin", "total", "tight", "tightness", "condition", "exactFrom",
                "fullRank", "enumerated", "shortestRow", "longestRow"],
            lines.AsObject().Select(p => p.Key));
        Assert.Equal((12, 2, 7), ((int)lines["lines"]!, (int)lines["groups"]!, (int)lines["exactFrom"]!));
        Assert.Equal(0.5, (double)lines["coherence"]!, 1e-12);
        Assert.Equal(0.4264, (double)lines["welchBound"]!, 5e-5);
        Assert.Equal(6.904, (double)lines["shared"]!, 5e-4);
        Assert.True((bool)lines["tight"]!);
        Assert.Equal(0.6364, (double)lines["fullRank"]![4]!, 5e-5);
        Assert.Null(Show("axes --blocks 2 --workers 4")["lines"]!["shared"]);
        Assert.Null(Show("uncoded --workers 2")["lines"]);
        Assert.Equal(0, _bench.Run("code", "show", "pair-lines", "--blocks", "4"));
        Assert.Contains("coherence 0.5, Welch bound 0.4264", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("any 7 of 12 arrivals decode; of sets of 4: 63.64 %", _bench.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d.csv", "# two blocks\n1, 0\n\n0;2\n1\t1\n")]
    [InlineData("d.json", "[[1, 0], [0, 2], [1, 1]]")]
    public void Directions_are_read_from_text_and_JSON_and_their_lengths_warned_of(string name, string content)
    {
        File.WriteAllText(_bench.In(name), content);
        Assert.Equal(0, _bench.Run("code", "show", "directions", "--file", _bench.In(name)));
        Assert.Contains("3 workers", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("warning: rows were given with lengths 1 to 2", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("not for the immediate policy", _bench.Output, StringComparison.Ordinal);
        Assert.Contains("row 1, worker 1: g0[block 1]", _bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void File_of_directions_is_relative_to_the_spec_and_pinned_by_its_bytes()
    {
        File.WriteAllText(_bench.In("d.csv"), "1 0\n0 1\n1 1\n");
        var spec = new CodeSpec("directions", 3, File: "d.csv");
        var folder = Path.GetDirectoryName(_bench.In("d.csv"))!;
        Assert.Equal(3, Codes.Create(spec, folder: folder).Table.Workers);
        var error = Assert.Throws<ConfigurationException>(() => Codes.Create(spec with { Fingerprint = new string('0', 32) }, folder: folder));
        Assert.Contains("the spec was pinned to 0000", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => Codes.Create(spec, folder: Path.Combine(folder, "elsewhere")));
    }

    [Theory]
    [InlineData("1,0\n0,0\n", "row 1 is zero")]
    [InlineData("1,0\n-2,0\n", "rows 0 and 1 are the same line")]
    [InlineData("1,0\n0,1,1\n", "row 1 has 3 numbers")]
    [InlineData("1,0\n0,x\n", "line 2: 'x' is not a number")]
    [InlineData("1,0,0\n0,1,0\n", "rank 2, below the 3 blocks")]
    [InlineData("[[1,0],\"a\"]", "row 1 is not an array of numbers")]
    [InlineData("[[1,0]", "is not JSON")]
    [InlineData("[1e999]", "row 0 is not an array of numbers")]
    [InlineData("# nothing\n", "0 rows")]
    [InlineData("", "has 0 bytes")]
    public void Files_that_hold_no_lines_are_refused(string content, string sentence)
    {
        File.WriteAllText(_bench.In("d"), content);
        Assert.Equal(78, _bench.Run("code", "show", "directions", "--file", _bench.In("d")));
        Assert.Contains(sentence, _bench.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_names_every_row()
    {
        Assert.Equal(0, _bench.Run("code", "show", "pair-lines", "--blocks", "3"));
        Assert.Contains("row 5, worker 5", _bench.Output, StringComparison.Ordinal);
    }

    // Where shares are only added, no share counts more than in the plain sum; else ‖w‖₁ is what amplifies rounding.
    private static double Gain(JsonObject table, JsonObject decode) => (string)table["guarantee"]!["exactness"]! == "E0"
        ? decode["weights"]!.AsArray().Max(row => row!.AsArray().Max(w => Math.Abs((double)w!)))
        : (double)decode["noiseGain"]!;

    private JsonObject Show(string code) => Document($"code show {code} --json");

    private JsonObject Decode(string code, int[] rows) => Document($"code decode {code} --arrivals {string.Join(',', rows)} --json");

    private JsonObject Document(string line)
    {
        Assert.Equal(0, _bench.Run(line.Split(' ')));
        return JsonNode.Parse(_bench.Output)!.AsObject();
    }

    private static int[] RowsWithout(JsonObject table, int[] missing) =>
        [.. table["rows"]!.AsArray().Select((row, i) => (Worker: (int)row!["worker"]!, Index: i)).Where(r => !missing.Contains(r.Worker)).Select(r => r.Index)];

    // Largest difference between Σ weight · row and the plain sum over partitions, block by block.
    private static double Error(JsonObject table, int[] rows, JsonObject decode)
    {
        int partitions = (int)table["partitions"]!, blocks = (int)table["blocks"]!;
        double largest = 0;
        for (var target = 0; target < blocks; target++)
        {
            var sums = new double[partitions, blocks];
            for (var i = 0; i < rows.Length; i++)
            {
                var weight = (double)decode["weights"]![i]![target]!;
                foreach (var term in table["rows"]![rows[i]]!["terms"]!.AsArray())
                {
                    foreach (var mix in table["items"]![(int)(double)term![0]!]!["mix"]!.AsArray())
                    {
                        sums[(int)(double)mix![0]!, (int)(double)term[1]!] += weight * (double)term[2]! * (double)mix[1]!;
                    }
                }
            }

            for (var partition = 0; partition < partitions; partition++)
            {
                for (var block = 0; block < blocks; block++)
                {
                    largest = Math.Max(largest, Math.Abs(sums[partition, block] - (block == target ? 1 : 0)));
                }
            }
        }

        return largest;
    }

    private static IEnumerable<int[]> Subsets(int count, int size)
    {
        for (var bits = 0; bits < 1 << count; bits++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)bits) == size)
            {
                yield return [.. Enumerable.Range(0, count).Where(i => (bits >> i & 1) == 1)];
            }
        }
    }
}
