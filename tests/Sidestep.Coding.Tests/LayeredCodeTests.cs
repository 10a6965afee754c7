namespace Sidestep.Coding.Tests;

/// <summary>A derivative code per group of layers.</summary>
public sealed class LayeredCodeTests
{
    // Groups of two layers of four blocks each, of 3 and of 2 elements, and a rest of 5.
    private static readonly Uneven Layout = new([.. Enumerable.Repeat(3, 4), .. Enumerable.Repeat(2, 4), 5]);

    private static ICode<float> Make(LineOptions? options = null) => LayeredCode.Create(PairLinesCode.Create(4, options), coded: 2, rest: true);

    [Fact]
    public void Blocks_rows_and_workers_are_numbered_as_documented()
    {
        var code = Make();
        var lines = PairLinesCode.Create(4);
        Assert.Equal((12, 9, 36), (code.Table.Workers, code.Table.Blocks, code.Table.Rows.Length));
        for (var worker = 0; worker < 12; worker++)
        {
            int[] rows = [.. Enumerable.Range(0, 36).Where(r => code.Table.Rows[r].Worker == worker)];
            Assert.Equal([worker, 12 + worker, 24 + worker], rows);
            var terms = lines.Table.Rows[worker].Terms;
            Assert.Equal(terms.AsEnumerable(), code.Table.Rows[rows[0]].Terms);
            Assert.Equal(terms.Select(t => t with { Block = t.Block + 4 }), code.Table.Rows[rows[1]].Terms.AsEnumerable());
            Assert.Equal(new Term<float>(worker, 8, 1f), Assert.Single(code.Table.Rows[rows[2]].Terms));
        }

        Assert.Equal(lines.Guarantee, code.Guarantee);
        Assert.Equal(Certificate.Of(lines), Certificate.Of(code));
    }

    [Fact]
    public void Any_tolerated_set_of_workers_gives_everything()
    {
        var bench = new Bench(Make(), length: Layout.Total, layout: Layout);
        foreach (var set in Bench.Subsets(12, 7).Where((_, i) => i % 5 == 0))
        {
            int[] rows = [.. set, .. set.Select(w => w + 12), .. set.Select(w => w + 24)];
            Assert.Equal(0, bench.Round(Bench.Shuffled(rows, (ulong)set.Sum())).Residual);
            Assert.InRange(bench.WorstError(bench.Decode()), 0, 2e-5);
        }
    }

    [Fact]
    public void Layers_come_out_one_by_one_while_others_are_under_way()
    {
        var bench = new Bench(Make(), length: Layout.Total, layout: Layout);
        bench.Decoder.Begin(0, []);
        var target = new float[Layout.Total];
        Array.Fill(target, float.NaN);
        Assert.Empty(bench.Offer(0).Ready.ToArray());
        Emit(bench.Offer(1));
        Assert.Equal(6, target.Count(float.IsFinite));
        Assert.Equal([8], bench.Offer(24).Ready.ToArray());
        Emit(bench.Offer(2));
        Emit(bench.Offer(4));
        Assert.Equal(12, target.Count(float.IsFinite));
        var verdict = bench.Offer(12);
        Assert.Equal(Math.Sqrt(3), verdict.Residual, 12);
        Emit(bench.Offer(13));
        Assert.All(target.Zip(bench.Sum), pair => Assert.True(float.IsNaN(pair.First) || Math.Abs(pair.First - pair.Second) < 2e-5));

        void Emit(Verdict verdict)
        {
            foreach (var block in verdict.Ready.ToArray())
            {
                bench.Decoder.Emit(block, target);
            }
        }
    }

    [Fact]
    public void Residual_is_the_root_of_the_layers_squares_and_the_decode_their_projections()
    {
        var bench = new Bench(Make(), length: Layout.Total, layout: Layout);
        Assert.Equal(3, bench.Decoder.Begin(0, []).Residual, 12);
        bench.Offer(0);
        Assert.Equal(Math.Sqrt(3 + 3 + 1), bench.Offer(15).Residual, 12);
        var estimate = bench.Decode();
        var (sum, squared) = (bench.Sum, estimate.Sum(e => (double)e * e));
        Assert.Equal(squared, estimate.Zip(sum, (e, s) => e * s).Sum(), 1e-4);
        Assert.Equal((sum[0] + sum[3]) / 2, estimate[0], 1e-5);
        Assert.Equal((sum[12] - sum[16]) / 2, estimate[12], 1e-5);
        Assert.All(estimate[20..], e => Assert.Equal(0, e));
        Assert.True(bench.Decoder.Used(15));
        Assert.False(bench.Decoder.Used(3));
    }

    [Fact]
    public void Scalar_comes_from_the_rest_else_from_the_first_group()
    {
        var bench = new Bench(Make(), length: Layout.Total, layout: Layout);
        double[] values = [.. bench.Code.Table.Rows.Select(row => row.Terms.Sum(t => t.Weight * 2.5))];
        bench.Round([0, 30]);
        Assert.Equal(2.5, bench.Decoder.Estimate(values), 1e-12);
        bench.Round([0, 1]);
        Assert.Equal(2.5, bench.Decoder.Estimate(values), 1e-6);
    }

    [Fact]
    public void Data_groups_and_layer_groups_go_together()
    {
        var code = Make(new LineOptions { Groups = 2 });
        Assert.Equal((24, 2, 9, 72), (code.Table.Workers, code.Table.Partitions, code.Table.Blocks, code.Table.Rows.Length));
        var bench = new Bench(code, length: Layout.Total, layout: Layout);
        int[] workers = [.. Bench.Shuffled([.. Enumerable.Range(0, 12)], 1)[..7], .. Bench.Shuffled([.. Enumerable.Range(12, 12)], 2)[..7]];
        int[] rows = [.. workers, .. workers.Select(w => w + 24), .. workers.Select(w => w + 48)];
        Assert.Equal(0, bench.Round(rows).Residual);
        Assert.InRange(bench.WorstError(bench.Decode()), 0, 4e-5);

        // The rest needs one worker of every data group.
        Assert.Empty(bench.Round([48, 50]).Ready.ToArray());
        Assert.Equal([8], bench.Offer(62).Ready.ToArray());
        var weights = ImmediateWeights.Of(code);
        Assert.True(weights.IsTight);
        var (block, weight) = Assert.Single(weights.Of(60));
        Assert.Equal(8, block);
        Assert.Equal(1.0 / 12, weight, 1e-9);
    }

    [Fact]
    public void Patience_counts_workers_that_have_sent_everything()
    {
        Assert.Equal(Patience.Exact, Make().Patience);
        var beyond = Make(new LineOptions { Stragglers = 8 });
        Assert.Equal(new Patience(Slots: 4), beyond.Patience);
        Assert.Equal(Exactness.Approximate, beyond.Guarantee.Exactness);
    }

    [Fact]
    public void Greedy_lines_and_no_rest_are_taken_other_codes_are_not()
    {
        var code = LayeredCode.Create(GreedyLinesCode.Create(4, 6), 3, rest: false);
        Assert.Equal((6, 12, 18), (code.Table.Workers, code.Table.Blocks, code.Table.Rows.Length));
        var bench = new Bench(code, length: 24);
        Assert.Equal(0, bench.Round(Enumerable.Range(0, 18).Where(r => r % 6 != 2)).Residual);
        Assert.InRange(bench.WorstError(bench.Decode()), 0, 1e-5);
        Assert.Contains("no use for groups of layers", Assert.Throws<ConfigurationException>(() => LayeredCode.Create(UncodedCode.Create(3), 1, true)).Message, StringComparison.Ordinal);
        Assert.Contains("nearest is 1", Assert.Throws<ConfigurationException>(() => LayeredCode.Create(PairLinesCode.Create(3), 0, true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_allocate_nothing_once_warm()
    {
        var bench = new Bench(Make(new LineOptions { Groups = 2 }), length: Layout.Total, layout: Layout);
        float[][] payloads = [.. Enumerable.Range(0, bench.Rows).Select(bench.Payload)];
        var estimate = new float[Layout.Total];
        for (var round = 0; round < 10; round++)
        {
            One(round);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 10; round < 20; round++)
        {
            One(round);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void One(int round)
        {
            bench.Decoder.Begin(round, []);
            for (var row = 0; row < payloads.Length; row++)
            {
                foreach (var block in bench.Decoder.Offer(row, bench.Lease(payloads[row])).Ready.Span)
                {
                    bench.Decoder.Emit(block, estimate);
                }
            }

            bench.Decoder.Decode(estimate);
        }
    }

    /// <summary>Consecutive blocks of given lengths.</summary>
    private sealed record Uneven(int[] Lengths) : BlockLayout
    {
        public int Total => Lengths.Sum();

        public override int Length(int block, ModelShape shape) => Lengths[block];

        public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination) =>
            BlockKernels.AddScaled(vector.Slice(Start(block), Lengths[block]), weight, destination);

        public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector) => values[..Lengths[block]].CopyTo(vector[Start(block)..]);

        private int Start(int block)
        {
            var start = 0;
            for (var b = 0; b < block; b++)
            {
                start += Lengths[b];
            }

            return start;
        }
    }
}
