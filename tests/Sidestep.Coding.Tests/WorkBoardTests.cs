using System.Runtime.InteropServices;

namespace Sidestep.Coding.Tests;

/// <summary>Laws of codes whose small partitions are handed around: reissue in chunks and dynamic shards.</summary>
public sealed class WorkBoardTests
{
    public static TheoryData<string> Kinds => ["reissue", "bounded", "shards", "duplicates"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sum_is_the_same_to_the_bit_whoever_is_slow_dies_or_returns(string kind)
    {
        var bench = new Bench(Make(kind, 5, 6));
        Assert.Equal(Exactness.BitExact, bench.Code.Guarantee.Exactness);
        Assert.Equal(4, bench.Code.Guarantee.Stragglers);
        byte[]? first = null;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var rng = new Rng(seed, Purpose.Test, 0, 0, 0);
            double[] speeds = [.. Enumerable.Range(0, 5).Select(_ => 0.5 + rng.NextExponential(2))];
            var deaths = Enumerable.Range(0, (int)(seed % 5)).Select(slot =>
                (slot, rng.NextDouble() * 2, seed % 2 == 0 ? double.PositiveInfinity : 2 + rng.NextDouble())).ToArray();
            Assert.True(double.IsFinite(new Crew(bench, speeds, 6).Round(deaths)), $"seed {seed} never ended");
            var bytes = MemoryMarshal.AsBytes(bench.Decode().AsSpan()).ToArray();
            Assert.Equal(first ??= bytes, bytes);
            foreach (var (slot, _, _) in deaths)
            {
                bench.Decoder.Returned(slot);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equal_speeds_repeat_next_to_nothing(string kind)
    {
        var bench = new Bench(Make(kind, 4, 8));
        var crew = new Crew(bench, [1, 1, 1, 1], 8);
        Assert.Equal(1, crew.Round(), 9);
        Assert.InRange(crew.Begun, 32, 36);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_slow_worker_costs_about_one_of_its_pieces(string kind)
    {
        var bench = new Bench(Make(kind, 4, 10));
        var took = new Crew(bench, [1, 1, 1, 8], 10).Round();

        // Speed of the crew: 3 + 1/8 parts a second of 4; what the slow one has begun is waited for where nothing is repeated.
        Assert.InRange(took, 4 / 3.125, kind == "shards" ? 2.5 : 4 / 3.125 + 0.3);
    }

    [Fact]
    public void Nothing_is_computed_three_times_while_everybody_lives()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var rng = new Rng(seed, Purpose.Test, 1, 0, 0);
            var crew = new Crew(new Bench(ReissueCode.Create(6, 10)), [.. Enumerable.Range(0, 6).Select(_ => 0.3 + rng.NextExponential(3))], 10);
            crew.Round();
            Assert.InRange(crew.Times.Max(), 1, 2);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Work_overhead_stays_within_its_bound(double bound)
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var rng = new Rng(seed, Purpose.Test, 2, 0, 0);
            var crew = new Crew(new Bench(ReissueCode.Create(8, 10, bound)), [.. Enumerable.Range(0, 8).Select(_ => 0.2 + rng.NextExponential(2))], 10);
            crew.Round();
            Assert.InRange(crew.Begun, 80, 80 * (1 + bound));
        }
    }

    [Fact]
    public void Fast_workers_take_more_shards()
    {
        var bench = new Bench(DynamicShardsCode.Create(2, 15));
        var crew = new Crew(bench, [1, 2], 15);
        crew.Round();
        Assert.Equal(30, crew.Begun);
        var fast = Enumerable.Range(0, bench.Rows).Count(r => bench.Code.Table.Rows[r].Worker == 0 && bench.Decoder.Used(r));
        Assert.Equal(30, fast); // Used tells of the bytes, not of who sent them.
    }

    [Fact]
    public void Depth_is_how_much_a_worker_holds()
    {
        foreach (var depth in new[] { 1, 2, 5 })
        {
            var bench = new Bench(DynamicShardsCode.Create(3, 8, depth));
            Assert.Equal(3 * depth, bench.Decoder.Begin(0, []).Wanted.Length);
        }
    }

    [Fact]
    public void Idle_worker_takes_the_last_chunk_of_the_slowest_which_is_withdrawn_there()
    {
        var bench = new Bench(ReissueCode.Create(3, 4));
        bench.Decoder.Begin(0, []);
        var asked = new List<int>();
        var withdrawn = new List<int>();
        foreach (var row in new[] { 0, 4, 8, 1, 5, 9, 2, 6, 3, 7 })
        {
            var verdict = bench.Offer(row);
            asked.AddRange(verdict.Wanted.ToArray());
            withdrawn.AddRange(verdict.Withdrawn.ToArray());
        }

        // Worker 2 has sent chunks 8 and 9, computes 10, and is relieved of 11.
        Assert.Contains(11, withdrawn);
        Assert.Contains(asked, r => Partition(bench, r) == 11);
    }

    [Fact]
    public void Late_original_wins_and_the_copy_is_withdrawn()
    {
        var bench = new Bench(ReissueCode.Create(2, 2));
        bench.Decoder.Begin(0, []);
        int[] asked = [.. bench.Offer(0).Wanted.ToArray(), .. bench.Offer(1).Wanted.ToArray()];
        var copy = asked.Single(r => Partition(bench, r) == 3);
        Assert.Contains(copy, bench.Offer(3).Withdrawn.ToArray());
    }

    [Fact]
    public void Refused_row_goes_to_somebody_else()
    {
        var bench = new Bench(DynamicShardsCode.Create(2, 1, depth: 1));
        var first = bench.Decoder.Begin(0, []).Wanted.ToArray();
        var again = bench.Decoder.Offer(first[0], ShareLease<float>.Empty).Wanted.ToArray();
        Assert.Empty(again);
        again = bench.Offer(first[1]).Wanted.ToArray();
        Assert.Equal(Partition(bench, first[0]), Partition(bench, again.Single()));
        Assert.NotEqual(bench.Code.Table.Rows[first[0]].Worker, bench.Code.Table.Rows[again[0]].Worker);
    }

    [Fact]
    public void Returned_slot_is_told_what_has_come_meanwhile()
    {
        var bench = new Bench(ReissueCode.Create(2, 3));
        bench.Decoder.Begin(0, []);
        bench.Offer(3);
        bench.Decoder.Lost(1);
        var verdict = bench.Decoder.Returned(1);
        Assert.Contains(3, verdict.Withdrawn.ToArray());
        Assert.DoesNotContain(5, verdict.Withdrawn.ToArray());
    }

    [Theory]
    [InlineData("reissue", 0, 0, 2, "chunks")]
    [InlineData("reissue", 5000, 0, 2, "nearest is 409")]
    [InlineData("dynamic-shards", 0, 0, 2, "shards")]
    [InlineData("dynamic-shards", 0, 4, 0, "nearest is 1")]
    [InlineData("dynamic-shards", 0, 4, 17, "nearest is 16")]
    public void Bad_sizes_are_refused_with_the_nearest(string name, int chunks, int shards, int depth, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => CodeCatalog.Find(name).Create(
            new CodeParameters { Workers = 10, Chunks = chunks, Shards = shards, Depth = depth }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bound_without_chunks_or_below_zero_is_refused()
    {
        Assert.Contains("chunks to 2", Assert.Throws<ConfigurationException>(() => ReissueCode.Create(4, 1, 0.2)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 0", Assert.Throws<ConfigurationException>(() => ReissueCode.Create(4, 2, -0.2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_is_that_of_a_plain_sum()
    {
        foreach (var code in new[] { ReissueCode.Create(4, 5), DynamicShardsCode.Create(4, 5) })
        {
            Assert.Equal(1, Certificate.Of(code).Amplification);
            Assert.Equal(20, code.Table.Partitions);
        }
    }

    private static ICode<float> Make(string kind, int workers, int pieces) => kind switch
    {
        "reissue" => ReissueCode.Create(workers, pieces),
        "bounded" => ReissueCode.Create(workers, pieces, 0.2),
        "shards" => DynamicShardsCode.Create(workers, pieces),
        _ => DynamicShardsCode.Create(workers, pieces, 1, duplicate: true),
    };

    private static int Partition(Bench bench, int row) => bench.Code.Table.Items[bench.Code.Table.Rows[row].Terms[0].Item].Mix[0].Partition;
}
