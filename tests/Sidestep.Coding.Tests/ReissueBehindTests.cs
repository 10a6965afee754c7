using System.Runtime.InteropServices;

namespace Sidestep.Coding.Tests;

/// <summary>Codes whose rows are computed elsewhere once more slots are gone than they tolerate.</summary>
public sealed class ReissueBehindTests
{
    public static TheoryData<string, int, int> Instances => new()
    {
        { "fractional-repetition", 6, 1 }, { "fractional-repetition", 7, 2 }, { "cyclic-repetition", 6, 2 }, { "cyclic-repetition", 5, 1 },
    };

    [Theory]
    [MemberData(nameof(Instances))]
    public void Every_set_that_is_not_empty_gives_the_sum(string name, int workers, int stragglers)
    {
        var bench = new Bench(Make(name, workers, stragglers, reissue: true));
        var plain = Make(name, workers, stragglers, reissue: false);
        Assert.Equal(workers - 1, bench.Code.Guarantee.Stragglers);
        byte[]? first = null;
        foreach (var set in Bench.Subsets(workers, 1))
        {
            var asked = Answer(bench, set);
            Assert.True(asked >= 0, $"{string.Join(",", set)} does not decode");
            Assert.True(set.Length < workers - plain.Guarantee.Stragglers || asked == 0, $"{string.Join(",", set)} asks for {asked} rows");
            var estimate = bench.Decode();
            Assert.InRange(bench.WorstError(estimate), 0, 1e-3);
            if (bench.Code.Guarantee.Exactness == Exactness.BitExact)
            {
                var bytes = MemoryMarshal.AsBytes(estimate.AsSpan()).ToArray();
                Assert.Equal(first ??= bytes, bytes);
            }
        }
    }

    [Fact]
    public void No_more_rows_are_asked_for_than_are_missing()
    {
        var bench = new Bench(Make("cyclic-repetition", 6, 2, reissue: true));
        foreach (var set in Bench.Subsets(6, 1).Where(s => s.Length < 4))
        {
            Assert.Equal(4 - set.Length, Answer(bench, set));
        }
    }

    [Fact]
    public void Certificate_and_table_begin_with_those_of_the_code_itself()
    {
        var (plain, code) = (Make("cyclic-repetition", 6, 2, reissue: false), Make("cyclic-repetition", 6, 2, reissue: true));
        Assert.Equal(plain.Table.Rows.SelectMany(r => r.Terms), code.Table.Rows.Take(6).SelectMany(r => r.Terms));
        Assert.Equal(6 + (6 * 5), code.Table.Rows.Length);
        Assert.Equal(Certificate.Of(plain), Certificate.Of(code));
        Assert.Equal(plain.Guarantee.Amplification, code.Guarantee.Amplification);
    }

    [Fact]
    public void Approximate_codes_and_codes_with_requests_are_refused()
    {
        foreach (var code in new[] { DropSlowestCode.Create(4, 1), ReissueCode.Create(4), PairLinesCode.Create(3), FractionalRepetitionCode.Create(1000, 1) })
        {
            Assert.Contains("cannot be reissued", Assert.Throws<ConfigurationException>(() => ReissueBehind.Create(code)).Message, StringComparison.Ordinal);
        }
    }

    // The others are lost; what is asked of the living is answered. Returns the number of rows asked for, or −1 if the sum does not come out.
    private static int Answer(Bench bench, int[] living)
    {
        var verdict = bench.Decoder.Begin(0, []);
        var asked = new Queue<int>();
        for (var slot = 0; slot < bench.Code.Table.Workers; slot++)
        {
            Add(living.Contains(slot) ? bench.Decoder.Returned(slot) : bench.Decoder.Lost(slot));
        }

        foreach (var row in living)
        {
            Add(bench.Offer(row));
        }

        var count = 0;
        while (asked.TryDequeue(out var row))
        {
            count++;
            Add(bench.Offer(row));
        }

        return verdict.Residual == 0 ? count : -1;

        void Add(Verdict answer)
        {
            verdict = answer;
            foreach (var row in answer.Wanted.Span)
            {
                asked.Enqueue(row);
            }
        }
    }

    private static ICode<float> Make(string name, int workers, int stragglers, bool reissue) => CodeCatalog.Find(name).Create(
        new CodeParameters { Workers = workers, Stragglers = stragglers, Seed = 3, Reissue = reissue });
}
