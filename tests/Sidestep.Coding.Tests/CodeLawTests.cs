using System.Runtime.InteropServices;

namespace Sidestep.Coding.Tests;

/// <summary>What every catalog entry must keep, for all arrival sets of up to eight workers.</summary>
public sealed class CodeLawTests
{
    private const double Unit = 1.0 / (1 << 24);

    public static TheoryData<string, int, int> Instances => new()
    {
        { "uncoded", 1, 0 }, { "uncoded", 7, 0 },
        { "drop-slowest", 5, 0 }, { "drop-slowest", 8, 2 }, { "drop-slowest", 4, 3 }, { "backup-workers", 6, 2 },
        { "fractional-repetition", 4, 1 }, { "fractional-repetition", 8, 1 }, { "fractional-repetition", 8, 2 },
        { "fractional-repetition", 7, 1 }, { "fractional-repetition", 6, 5 }, { "fractional-repetition", 5, 0 },
        { "cyclic-repetition", 4, 0 }, { "cyclic-repetition", 4, 1 }, { "cyclic-repetition", 5, 4 }, { "cyclic-repetition", 6, 2 },
        { "cyclic-repetition", 8, 2 }, { "cyclic-repetition", 8, 3 },
        { "cyclic-mds", 5, 2 }, { "cyclic-mds", 7, 3 }, { "cyclic-mds", 8, 3 }, { "reed-solomon", 5, 1 }, { "reed-solomon", 7, 2 },
        { "ye-abbe", 5, 1 }, { "ye-abbe", 8, 2 }, { "grouped-linear", 6, 1 }, { "grouped-linear", 8, 2 }, { "grouped-linear", 7, 1 },
        { "reissue", 1, 0 }, { "reissue", 3, 0 }, { "reissue", 7, 0 },
        { "pair-lines", 2, 0 }, { "pair-lines", 6, 0 }, { "pair-lines", 6, 2 },
        { "axes", 3, 0 }, { "axes", 6, 0 }, { "axes-and-pairs", 4, 0 }, { "axes-and-pairs", 9, 0 },
        { "greedy-lines", 4, 0 }, { "greedy-lines", 6, 1 }, { "greedy-lines", 7, 0 }, { "directions", 5, 0 }, { "directions", 6, 0 },
    };

    [Theory]
    [MemberData(nameof(Instances))]
    public void Any_tolerated_set_gives_the_sum(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        var code = bench.Code;
        if (code.Guarantee.Exactness == Exactness.Approximate)
        {
            return;
        }

        byte[]? first = null;
        foreach (var set in Bench.Subsets(workers, workers - code.Guarantee.Stragglers))
        {
            var rows = Answer(bench, set, out var residual);
            Assert.Equal(0, residual);
            var estimate = bench.Decode();
            var bound = code.Guarantee.Amplification * Unit * 4 * bench.LargestShare(rows);
            Assert.True(bench.WorstError(estimate) <= Math.Max(bound, workers * Unit), $"{name} {string.Join(",", set)}: {bench.WorstError(estimate)} > {bound}");
            var bytes = MemoryMarshal.AsBytes(estimate.AsSpan()).ToArray();
            if (code.Guarantee.Exactness == Exactness.BitExact)
            {
                Assert.Equal(first ??= bytes, bytes);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void One_arrival_fewer_fails_somewhere(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        var least = workers - bench.Code.Guarantee.Stragglers;
        var fails = Bench.Subsets(workers).Where(set => set.Length == least - 1).Any(set =>
        {
            Answer(bench, set, out var residual);
            return residual > 0;
        });
        Assert.True(fails);
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Order_and_duplicates_do_not_matter(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        for (ulong seed = 0; seed < 12; seed++)
        {
            int[] set = [.. Bench.Shuffled([.. Enumerable.Range(0, workers)], seed).Take(1 + ((int)seed % workers)).Order()];
            var residual = bench.Round(set).Residual;
            var expected = bench.Decode();
            var shuffled = Bench.Shuffled(set, seed + 100);
            var again = bench.Round([.. shuffled, .. shuffled]).Residual;
            Assert.Equal(residual, again, 9);
            Assert.Equal(expected, bench.Decode());
            Assert.InRange(bench.Pool.Outstanding, 1, set.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void More_shares_never_raise_the_residual(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var before = bench.Decoder.Begin(0, []).Residual;
            if (bench.Code.Guarantee.Exactness == Exactness.Approximate)
            {
                before = double.PositiveInfinity; // Scaling up one share of n costs more than sending nothing.
            }

            foreach (var row in Bench.Shuffled([.. Enumerable.Range(0, workers)], seed))
            {
                var after = bench.Offer(row).Residual;
                Assert.True(after <= before + 1e-9, $"{before} to {after}");
                before = after;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Verdict_agrees_with_the_planner(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        foreach (var set in Bench.Subsets(workers).Where((_, i) => i % 3 == 0 && name is not ("drop-slowest" or "backup-workers")))
        {
            var plan = DecodePlanner.Plan(bench.Code.Table, set);
            Assert.Equal(plan.Status == DecodeStatus.Exact ? 0 : plan.Residual, bench.Round(set).Residual, 6);
        }
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Decoding_is_linear(string name, int workers, int stragglers)
    {
        var (x, y) = (Make(name, workers, stragglers, seed: 1), Make(name, workers, stragglers, seed: 2));
        var set = Bench.Shuffled([.. Enumerable.Range(0, workers)], 5)[..Math.Max(1, workers - 1)];
        x.Round(set);
        y.Round(set);
        var (first, second) = (x.Decode(), y.Decode());
        x.Decoder.Begin(1, []);
        foreach (var row in set)
        {
            x.Decoder.Offer(row, x.Lease([.. x.Payload(row).Zip(y.Payload(row), (a, b) => (2 * a) - b)]));
        }

        var both = x.Decode();
        var tolerance = 64 * Unit * Math.Max(1, x.Code.Guarantee.Amplification) * workers;
        for (var i = 0; i < both.Length; i++)
        {
            Assert.Equal((2 * first[i]) - second[i], both[i], tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Certificate_is_the_guarantee(string name, int workers, int stragglers)
    {
        var code = Make(name, workers, stragglers).Code;
        var certificate = Certificate.Of(code);
        Assert.Equal(code.Guarantee.Amplification, certificate.Amplification);
        Assert.True(certificate.Exhaustive);
        Assert.InRange(certificate.Amplification, 1, 1024);
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Workers_use_only_what_they_store(string name, int workers, int stragglers)
    {
        var table = Make(name, workers, stragglers).Code.Table;
        Assert.All(table.Rows, row => Assert.All(row.Terms, term => Assert.Equal(row.Worker, table.Items[term.Item].Worker)));
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Scalar_is_estimated_like_the_vector(string name, int workers, int stragglers)
    {
        var bench = Make(name, workers, stragglers);
        var table = bench.Code.Table;
        double[] losses = [.. Enumerable.Range(0, table.Partitions).Select(j => 1.5 + j)];
        double[] values = [.. table.Rows.Select(row => row.Terms.Sum(t => t.Weight * losses[table.Items[t.Item].Mix[0].Partition]))];
        bench.Round(Enumerable.Range(0, table.Rows.Length).Where(r => !table.Rows[r].OnRequest));
        Assert.Equal(losses.Sum(), bench.Decoder.Estimate(values), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Instances))]
    public void Two_instances_are_the_same_bytes(string name, int workers, int stragglers)
    {
        var (first, second) = (Make(name, workers, stragglers).Code.Table, Make(name, workers, stragglers).Code.Table);
        Assert.Equal(first.Rows.SelectMany(r => r.Terms), second.Rows.SelectMany(r => r.Terms));
        Assert.Equal(first.Items.SelectMany(i => i.Mix), second.Items.SelectMany(i => i.Mix));
    }

    // The others are lost; what is asked of the living is answered. Returns the rows that were sent.
    private static List<int> Answer(Bench bench, int[] living, out double residual)
    {
        var sent = new List<int>();
        var verdict = bench.Decoder.Begin(0, []);
        var asked = new Queue<int>();
        for (var slot = 0; slot < bench.Code.Table.Workers; slot++)
        {
            verdict = living.Contains(slot) ? bench.Decoder.Returned(slot) : bench.Decoder.Lost(slot);
            Add(verdict);
        }

        foreach (var row in Bench.Shuffled([.. Enumerable.Range(0, bench.Rows)], (ulong)living.Length))
        {
            var spec = bench.Code.Table.Rows[row];
            if (!spec.OnRequest && living.Contains(spec.Worker))
            {
                sent.Add(row);
                verdict = bench.Offer(row);
                Add(verdict);
            }
        }

        while (asked.TryDequeue(out var row))
        {
            Assert.Contains(bench.Code.Table.Rows[row].Worker, living);
            sent.Add(row);
            verdict = bench.Offer(row);
            Add(verdict);
        }

        residual = verdict.Residual;
        return sent;

        void Add(Verdict answer)
        {
            foreach (var row in answer.Wanted.Span)
            {
                asked.Enqueue(row);
            }
        }
    }

    private static Bench Make(string name, int workers, int stragglers, ulong seed = 1) => new(Examples.Of(name, workers, stragglers, seed: 3), seed: seed);
}
