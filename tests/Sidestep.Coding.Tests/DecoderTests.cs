namespace Sidestep.Coding.Tests;

/// <summary>Ownership, allocation and bad input.</summary>
public sealed class DecoderTests
{
    public static TheoryData<string> Names => [.. CodeCatalog.Entries.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rounds_allocate_nothing_once_warm(string name)
    {
        var bench = new Bench(Examples.Usual(name), length: 4000);
        float[][] payloads = [.. Enumerable.Range(0, bench.Code.Table.Workers).Select(bench.Payload)];
        var leases = payloads.Select(p => bench.Lease(p)).ToArray();
        var estimate = new float[4000];
        var values = new double[bench.Rows];
        for (var round = 0; round < 20; round++)
        {
            One(round);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 20; round < 40; round++)
        {
            One(round);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void One(int round)
        {
            var missing = round % bench.Code.Table.Workers;
            bench.Decoder.Begin(round, []);
            bench.Decoder.Lost(missing);
            for (var row = 0; row < payloads.Length; row++)
            {
                if (row != missing)
                {
                    var lease = bench.Pool.Lease(payloads[row].Length * 4);
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes(payloads[row].AsSpan()).CopyTo(lease.Span);
                    foreach (var block in bench.Decoder.Offer(row, new ShareLease<float>(lease, payloads[row].Length)).Ready.Span)
                    {
                        bench.Decoder.Emit(block, estimate);
                    }
                }
            }

            bench.Decoder.Decode(estimate);
            bench.Decoder.Estimate(values);
            bench.Decoder.Used(0);
            bench.Decoder.Returned(missing);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Payloads_are_given_back_when_the_next_round_begins(string name)
    {
        var bench = new Bench(Examples.Usual(name));
        bench.Round(Enumerable.Range(0, bench.Code.Table.Workers));
        bench.Decoder.Begin(1, []);
        Assert.Equal(0, bench.Pool.Outstanding);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Share_of_the_wrong_length_is_refused_and_given_back(string name)
    {
        var bench = new Bench(Examples.Usual(name));
        bench.Decoder.Begin(0, []);
        var error = Assert.Throws<MalformedException>(() => bench.Decoder.Offer(0, bench.Lease(new float[3])));
        Assert.Equal("E_LENGTH", error.Code);
        Assert.Equal(0, bench.Pool.Outstanding);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Used_rows_are_those_whose_bytes_matter(string name)
    {
        var bench = new Bench(Examples.Usual(name));
        int[] rows = [.. Enumerable.Range(0, bench.Code.Table.Workers)];
        bench.Round(rows);
        var expected = bench.Decode();
        foreach (var row in rows)
        {
            var used = bench.Decoder.Used(row);
            var differs = false;
            bench.Decoder.Begin(1, []);
            foreach (var other in rows)
            {
                var payload = bench.Payload(other);
                bench.Decoder.Offer(other, bench.Lease(other == row ? [.. payload.Select(x => x + 1)] : payload));
            }

            differs = !bench.Decode().SequenceEqual(expected);
            Assert.True(used || !differs, $"row {row}");
            bench.Round(rows);
        }
    }

    [Fact]
    public void Row_of_mixed_lengths_is_refused()
    {
        var table = new CodeTable<float>(1, 1, 1, [new Item<float>(0, [(0, 1f)])], [new Row<float>(0, [new Term<float>(1, 0, 1f)])]);
        Assert.Throws<ConfigurationException>(() => new LinearDecoder(table, BlockLayout.Whole, ModelShape.Flat(2)));
    }

    [Fact]
    public void Blocks_become_ready_one_by_one()
    {
        // Two blocks, each with its own row at each of two workers.
        var items = new[] { new Item<float>(0, [(0, 1f)]), new Item<float>(1, [(1, 1f)]) };
        var rows = new[] { Row(0, 0), Row(0, 1), Row(1, 0), Row(1, 1) };
        var table = new CodeTable<float>(2, 2, 2, [.. items], [.. rows]);
        var shape = ModelShape.Flat(5);
        var decoder = new LinearDecoder(table, new ContiguousLayout(2), shape);
        var pool = new PayloadPool();
        decoder.Begin(0, []);
        Assert.Equal(Math.Sqrt(3), Offer(0).Residual, 12);
        var verdict = Offer(2);
        Assert.Equal([0], verdict.Ready.ToArray());
        Assert.Equal(Math.Sqrt(2), verdict.Residual, 12);
        var target = new float[5];
        decoder.Emit(0, target);
        Assert.Equal([2f, 2, 2, 0, 0], target);
        Offer(1);
        Assert.Equal([1], Offer(3).Ready.ToArray());
        decoder.Decode(target);
        Assert.Equal([2f, 2, 2, 2, 2], target);

        static Row<float> Row(int worker, int block) => new(worker, [new Term<float>(worker, block, 1f)]);

        Verdict Offer(int row)
        {
            var lease = pool.Lease(12);
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(lease.Span).Fill(1);
            return decoder.Offer(row, new ShareLease<float>(lease, 3));
        }
    }
}
