namespace Sidestep.Coding.Tests;

/// <summary>Sharded data × derivative code.</summary>
public sealed class GroupedDecoderTests
{
    public static TheoryData<string> Families => ["pair-lines", "axes", "axes-and-pairs", "greedy-lines", "directions"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Groups_add_up_to_the_gradient_of_all_data_with_any_tolerated_set_missing_in_each(string name)
    {
        var one = (LineCode)Examples.Of(name, name == "axes-and-pairs" ? 9 : 6);
        var code = LineCode.Create(name, one.Lines, new LineOptions { Groups = 3 });
        Assert.Equal((3, 3 * one.Lines.Count), (code.Table.Partitions, code.Table.Workers));
        Assert.Equal(one.Guarantee.Stragglers, code.Guarantee.Stragglers);
        var bench = new Bench(code, length: 10);
        var (n, s) = (one.Lines.Count, one.Guarantee.Stragglers);
        for (ulong seed = 0; seed < 40; seed++)
        {
            int[] rows = [.. Enumerable.Range(0, 3).SelectMany(g => Bench.Shuffled([.. Enumerable.Range(g * n, n)], seed + (ulong)(100 * g)).Take(n - s))];
            Assert.Equal(0, bench.Round(Bench.Shuffled(rows, seed)).Residual);
            Assert.InRange(bench.WorstError(bench.Decode()), 0, Math.Max(1e-6, code.Guarantee.Amplification * 4 / (1 << 24) * bench.LargestShare(rows)));
        }
    }

    [Fact]
    public void Block_is_ready_when_it_is_in_every_group_and_is_the_sum()
    {
        // Rows 0, 1 of a group give its blocks 0 and 1; group 1 begins at row 12.
        var bench = new Bench(PairLinesCode.Create(4, new LineOptions { Groups = 2 }), [[1, 2, 3, 4], [10, 20, 30, 40]], new ContiguousLayout(4));
        bench.Decoder.Begin(0, []);
        Assert.Empty(bench.Offer(0).Ready.ToArray());
        var verdict = bench.Offer(1);
        Assert.Empty(verdict.Ready.ToArray());
        Assert.Equal(Math.Sqrt(2 + 4), verdict.Residual, 12);
        bench.Offer(12);
        Assert.Equal([0, 1], bench.Offer(13).Ready.ToArray());
        var target = new float[4];
        bench.Decoder.Emit(1, target);
        Assert.Equal(22, target[1], 1e-4);
        Assert.Equal(0, target[0]);
        Assert.Empty(bench.Offer(2).Ready.ToArray());
        Assert.Equal([2], bench.Offer(14).Ready.ToArray());
        Assert.Empty(bench.Offer(15).Ready.ToArray());
        Assert.True(bench.Decoder.Used(13));
        Assert.False(bench.Decoder.Used(20));
    }

    [Fact]
    public void Projection_is_that_of_every_group_and_agrees_with_least_squares_over_all()
    {
        var bench = new Bench(PairLinesCode.Create(3, new LineOptions { Groups = 2, Stragglers = 9 }), length: 9);
        Assert.Equal(3, bench.Code.Patience.Shares);
        var linear = new LinearDecoder(bench.Code.Table, bench.Layout, bench.Shape);
        var expected = new float[9];
        for (ulong seed = 0; seed < 60; seed++)
        {
            int[] set = [.. Bench.Shuffled([.. Enumerable.Range(0, 12)], seed).Take((int)seed % 12)];
            var residual = bench.Round(set).Residual;
            var verdict = linear.Begin(0, []);
            foreach (var row in set)
            {
                verdict = linear.Offer(row, bench.Lease(row));
            }

            linear.Decode(expected);
            Assert.Equal(verdict.Residual, residual, 6);
            Assert.All(bench.Decode().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-5));
        }
    }

    [Fact]
    public void Prior_and_scalar_are_shared_among_groups()
    {
        var bench = new Bench(PairLinesCode.Create(2, new LineOptions { Groups = 2 }), [[1, 2], [10, 20]], new ContiguousLayout(2));
        bench.Decoder.Begin(0, [100f, 200]);
        bench.Offer(0);
        bench.Offer(1);
        Assert.All(bench.Decode().Zip([51f, 102]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        bench.Offer(2);
        bench.Offer(3);
        var losses = new[] { 0.5, 0.25 };
        double[] values = [.. bench.Code.Table.Rows.Select((row, r) => row.Terms.Sum(t => t.Weight * losses[r / 2]))];
        Assert.Equal(0.75, bench.Decoder.Estimate(values), 1e-6);
    }

    [Fact]
    public void Blocks_of_different_lengths_are_refused_before_anything_runs()
    {
        var code = PairLinesCode.Create(2, new LineOptions { Groups = 2 });
        var error = Assert.Throws<ConfigurationException>(() => code.CreateDecoder(new Uneven(), ModelShape.Flat(3)));
        Assert.Contains("block 1 has 1 elements and block 0 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_and_order_do_not_matter()
    {
        var bench = new Bench(PairLinesCode.Create(3, new LineOptions { Groups = 2 }), length: 12);
        int[] set = [0, 3, 4, 7, 9];
        bench.Round(set);
        var expected = bench.Decode();
        bench.Round(Bench.Shuffled(set, 4), 1);
        Assert.Equal(expected, bench.Decode());
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        StateBytes.Write(bench.Decoder, writer);
        var other = bench.Code.CreateDecoder(bench.Layout, bench.Shape);
        StateBytes.Read(writer.WrittenSpan, other);
        other.Begin(2, []);
        foreach (var row in set)
        {
            other.Offer(row, bench.Lease(row));
        }

        var estimate = new float[12];
        other.Decode(estimate);
        Assert.Equal(expected, estimate);
    }

    private sealed record Uneven : BlockLayout
    {
        public override int Length(int block, ModelShape shape) => 2 - block;

        public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination) => throw new NotSupportedException();

        public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector) => throw new NotSupportedException();
    }
}
