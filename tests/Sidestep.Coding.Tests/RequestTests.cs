namespace Sidestep.Coding.Tests;

/// <summary>What a decoder asks for when slots are lost.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Lost_partition_is_asked_of_the_first_idle_slot_once()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Decoder.Begin(0, []);
        Assert.Empty(Slots(bench, bench.Decoder.Lost(2)));
        Assert.Equal([(0, 2)], Slots(bench, bench.Offer(0)));
        Assert.Empty(Slots(bench, bench.Offer(1)));
        Assert.Empty(Slots(bench, bench.Decoder.Lost(2)));
        Assert.Equal(0, bench.Offer(RowOf(bench, 0, 2)).Residual);
    }

    [Fact]
    public void Several_lost_partitions_are_spread_evenly()
    {
        var bench = new Bench(ReissueCode.Create(6));
        bench.Round([0, 1]);
        var asked = new[] { 2, 3, 4, 5 }.SelectMany(slot => Slots(bench, bench.Decoder.Lost(slot))).ToArray();
        Assert.Equal([2, 3, 4, 5], asked.Select(a => a.Partition));
        Assert.Equal([2, 2], asked.GroupBy(a => a.Slot).Select(g => g.Count()));
    }

    [Fact]
    public void When_the_asked_slot_is_lost_another_is_asked()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0, 1]);
        Assert.Equal([(0, 2)], Slots(bench, bench.Decoder.Lost(2)));
        Assert.Equal([(1, 2)], Slots(bench, bench.Decoder.Lost(0)));
    }

    [Fact]
    public void Refused_row_is_asked_of_another()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0, 1]);
        bench.Decoder.Lost(2);
        Assert.Equal([(1, 2)], Slots(bench, bench.Decoder.Offer(RowOf(bench, 0, 2), ShareLease<float>.Empty)));
    }

    [Fact]
    public void Row_that_is_over_is_asked_of_another_without_a_loss()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0]);
        Assert.Equal([(0, 1)], Slots(bench, bench.Decoder.Offer(1, ShareLease<float>.Empty)));
    }

    [Fact]
    public void Slot_lost_over_rounds_is_asked_around_until_it_returns()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0, 1]);
        bench.Decoder.Lost(2);
        Assert.Empty(Slots(bench, bench.Decoder.Begin(1, [])));
        Assert.Equal([(1, 2)], Slots(bench, bench.Offer(1)));
        bench.Decoder.Begin(2, []);
        Assert.Empty(Slots(bench, bench.Decoder.Returned(2)));
        Assert.Empty(Slots(bench, bench.Offer(0)));
        bench.Offer(1);
        Assert.Equal(0, bench.Offer(2).Residual);
    }

    [Fact]
    public void Late_share_of_a_lost_slot_still_counts()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0, 1]);
        bench.Decoder.Lost(2);
        Assert.Equal(0, bench.Offer(2).Residual);
        Assert.Equal(0, bench.Offer(RowOf(bench, 0, 2)).Residual);
        Assert.Equal(3, bench.Pool.Outstanding);
        Assert.True(bench.Decoder.Used(RowOf(bench, 1, 2)));
    }

    [Fact]
    public void Lost_slots_survive_a_snapshot()
    {
        var bench = new Bench(ReissueCode.Create(3));
        bench.Round([0, 1], round: 7);
        bench.Decoder.Lost(1);
        var bytes = Bytes(bench.Decoder);
        var other = new Bench(bench.Code);
        StateBytes.Read(bytes, other.Decoder);
        Assert.Equal(bytes, Bytes(other.Decoder));
        other.Decoder.Begin(8, []);
        Assert.Equal([(0, 1)], Slots(other, other.Offer(0)));
    }

    [Fact]
    public void Codes_without_rows_on_request_ask_for_nothing()
    {
        var bench = new Bench(FractionalRepetitionCode.Create(4, 1));
        bench.Round([0, 1]);
        Assert.Empty(Slots(bench, bench.Decoder.Lost(3)));
    }

    private static byte[] Bytes(IDecoder<float> decoder)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        StateBytes.Write(decoder, writer);
        return writer.WrittenSpan.ToArray();
    }

    private static List<(int Slot, int Partition)> Slots(Bench bench, Verdict verdict)
    {
        var table = bench.Code.Table;
        var slots = new List<(int, int)>();
        foreach (var row in verdict.Wanted.Span)
        {
            Assert.True(table.Rows[row].OnRequest);
            slots.Add((table.Rows[row].Worker, table.Items[table.Rows[row].Terms[0].Item].Mix[0].Partition));
        }

        return slots;
    }

    private static int RowOf(Bench bench, int slot, int partition) => Enumerable.Range(0, bench.Rows).First(r =>
        bench.Code.Table.Rows[r].Worker == slot && bench.Code.Table.Items[bench.Code.Table.Rows[r].Terms[0].Item].Mix[0].Partition == partition);
}
