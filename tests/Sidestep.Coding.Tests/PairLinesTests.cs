namespace Sidestep.Coding.Tests;

public sealed class PairLinesTests
{
    // 01+, 01−, 02+, 02−, 03+, 03−, 12+, 12−, 13+, 13−, 23+, 23−
    private static readonly ICode<float> Four = PairLinesCode.Create(4);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    [InlineData(4, 5)]
    [InlineData(5, 7)]
    public void Promise_follows_the_formula(int blocks, int stragglers)
    {
        var code = PairLinesCode.Create(blocks);
        Assert.Equal(blocks * (blocks - 1), code.Table.Workers);
        Assert.Equal(stragglers, code.Guarantee.Stragglers);
        Assert.InRange(code.Guarantee.Amplification, 1, 8);
    }

    [Fact]
    public void Fewest_rows_that_always_decode_are_tight_for_four_blocks()
    {
        var full = Bench.Subsets(12).ToLookup(s => s.Length, s => IsFull(s));
        Assert.Contains(false, full[6]);
        Assert.All(Enumerable.Range(7, 6), f => Assert.DoesNotContain(false, full[f]));
        Assert.Equal(0.6364, full[4].Average(f => f ? 1.0 : 0), 4);
        Assert.Equal(0.9091, full[5].Average(f => f ? 1.0 : 0), 4);
        Assert.Equal(0.9870, full[6].Average(f => f ? 1.0 : 0), 4);
    }

    [Fact]
    public void Frame_is_tight()
    {
        var gram = new double[4, 4];
        foreach (var row in Four.Table.Rows)
        {
            foreach (var x in row.Terms)
            {
                foreach (var y in row.Terms)
                {
                    gram[x.Block, y.Block] += (double)x.Weight * y.Weight;
                }
            }
        }

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(i / 4 == i % 4 ? 3 : 0, gram[i / 4, i % 4], 1e-6);
        }
    }

    [Fact]
    public void Peeling_is_full_exactly_at_full_rank_and_ready_blocks_are_exact()
    {
        var bench = new Bench(Four, length: 10);
        var target = new float[10];
        foreach (var subset in Bench.Subsets(12))
        {
            var set = Bench.Shuffled(subset, (ulong)subset.Sum());
            var verdict = bench.Decoder.Begin(0, []);
            var ready = new List<int>();
            Array.Fill(target, float.NaN);
            foreach (var row in set)
            {
                verdict = bench.Offer(row);
                foreach (var block in verdict.Ready.Span)
                {
                    ready.Add(block);
                    bench.Decoder.Emit(block, target);
                }
            }

            Assert.Equal(IsFull(set), verdict.Residual == 0);
            Assert.Equal(Math.Sqrt(4 - Rank(set)), verdict.Residual, 12);
            Assert.Equal(ready.Count, ready.Distinct().Count());
            Assert.Equal(verdict.Residual == 0, ready.Count == 4);
            for (var i = 0; i < 10; i++)
            {
                Assert.True(ready.Contains(i / 3) ? Math.Abs(target[i] - bench.Sum[i]) < 4e-6 : float.IsNaN(target[i]));
            }

            if (verdict.Residual == 0)
            {
                Assert.InRange(bench.WorstError(bench.Decode()), 0, Four.Guarantee.Amplification * 4 / (1 << 24) * bench.LargestShare(set));
            }
        }
    }

    [Theory]
    [InlineData(new[] { 0, 6, 11, 1 }, new[] { 1f, 2, 3, 4 }, 0.0)]
    [InlineData(new[] { 0, 6, 11 }, new[] { -0.5f, 3.5f, 1.5f, 2.5f }, 9.0)]
    [InlineData(new[] { 0, 6, 10 }, new[] { 1.5f, 1.5f, 3.5f, 3.5f }, 1.0)]
    public void Stated_arrivals_give_the_stated_projection(int[] rows, float[] expected, double squaredError)
    {
        var bench = new Bench(Four, [[1, 2, 3, 4]], new ContiguousLayout(4));
        float[] payloads = [2.121320f, -0.707107f];
        Assert.Equal(payloads[0], bench.Payload(0)[0], 1e-6);
        Assert.Equal(payloads[1], bench.Payload(11)[0], 1e-6);
        bench.Round(rows);
        var estimate = bench.Decode();
        Assert.All(estimate.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
        Assert.Equal(squaredError, estimate.Zip(bench.Sum, (e, s) => (e - s) * (e - s)).Sum(), 1e-4);
    }

    [Fact]
    public void Projection_is_never_longer_and_a_descent_direction()
    {
        var bench = new Bench(Four, length: 8);
        foreach (var set in Bench.Subsets(12).Where(s => s.Length is > 0 and < 6))
        {
            bench.Round(set);
            var estimate = bench.Decode();
            var squared = estimate.Sum(e => (double)e * e);
            Assert.Equal(squared, estimate.Zip(bench.Sum, (e, s) => e * s).Sum(), 1e-4);
            Assert.True(squared <= bench.Sum.Sum(s => s * s) + 1e-4);
        }
    }

    [Fact]
    public void Prior_fills_the_directions_nobody_sent()
    {
        var bench = new Bench(Four, [[1, 2, 3, 4]], new ContiguousLayout(4));
        bench.Decoder.Begin(0, [10f, 20, 30, 40]);
        bench.Offer(0);
        bench.Offer(1);
        Assert.All(bench.Decode().Zip([1f, 2, 30, 40]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void Lengths_that_blocks_do_not_divide_come_back_whole()
    {
        var shape = new ModelShape([new TensorShape("a", [5, 3]), new TensorShape("b", [3])]);
        foreach (BlockLayout layout in new BlockLayout[] { new ContiguousLayout(4), new PerLayerLayout(4) })
        {
            var gradient = Bench.Random(1, 0, shape.Length);
            var decoder = Four.CreateDecoder(layout, shape);
            var pool = new PayloadPool();
            decoder.Begin(0, []);
            foreach (var row in Enumerable.Range(0, 12))
            {
                var lease = pool.Lease(layout.Length(0, shape) * 4);
                var share = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(lease.Span);
                share.Clear();
                foreach (var term in Four.Table.Rows[row].Terms)
                {
                    layout.Gather<float>(term.Block, shape, gradient, term.Weight, share);
                }

                decoder.Offer(row, new ShareLease<float>(lease, share.Length));
            }

            var estimate = new float[shape.Length];
            decoder.Decode(estimate);
            Assert.All(estimate.Zip(gradient), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        }
    }

    [Fact]
    public void Decode_after_early_blocks_is_the_decode_without_them()
    {
        var bench = new Bench(Four, length: 9);
        int[] rows = [0, 1, 6, 11, 9, 4];
        bench.Round(rows);
        var expected = bench.Decode();
        var target = new float[9];
        bench.Decoder.Begin(1, []);
        foreach (var row in Bench.Shuffled(rows, 3))
        {
            foreach (var block in bench.Offer(row).Ready.Span)
            {
                bench.Decoder.Emit(block, target);
            }
        }

        Assert.Equal(expected, bench.Decode());
        Assert.Equal(4, rows.Count(bench.Decoder.Used));
    }

    [Fact]
    public void Peeling_refuses_other_tables()
    {
        Assert.Throws<ConfigurationException>(
            () => new PeelingDecoder(UncodedCode.Create(2).Table, BlockLayout.Whole, ModelShape.Flat(2)));
    }

    [Fact]
    public void Linear_decoder_agrees_with_peeling()
    {
        var bench = new Bench(Four, length: 11);
        var linear = new LinearDecoder(Four.Table, bench.Layout, bench.Shape);
        var estimate = new float[11];
        foreach (var set in Bench.Subsets(12).Where((s, i) => i % 17 == 0))
        {
            var verdict = linear.Begin(0, []);
            foreach (var row in set)
            {
                verdict = linear.Offer(row, bench.Lease(row));
            }

            Assert.Equal(bench.Round(set).Residual, verdict.Residual, 6);
            linear.Decode(estimate);
            Assert.All(bench.Decode().Zip(estimate), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }
    }

    private static bool IsFull(int[] set) => DecodePlanner.Plan(Four.Table, set).Status == DecodeStatus.Exact;

    private static int Rank(int[] set) => (int)Math.Round(4 - Math.Pow(DecodePlanner.Plan(Four.Table, set).Residual, 2));
}
