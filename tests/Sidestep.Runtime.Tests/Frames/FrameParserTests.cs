namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameParserTests
{
    private static readonly byte[] Stream =
    [
        .. Wire.Control(FrameType.Heartbeat, 1, []),
        .. Wire.Data(FrameType.Share, 2, 7, 1, Wire.Bytes(100)),
        .. Wire.Control(FrameType.Events, 3, Wire.Bytes(96)),
        .. Wire.Data(FrameType.Done, 4, 7, -1, []),
        .. Wire.Data(FrameType.Mix, 5, 8, 0, Wire.Bytes(33), channel: 4),
    ];

    [Fact]
    public void Two_pieces_split_at_every_offset_give_the_same_frames()
    {
        var whole = Parse([Stream.Length]);
        Assert.Equal(5, whole.Count);
        for (var cut = 0; cut <= Stream.Length; cut++)
        {
            Assert.Equal(whole, Parse([cut, Stream.Length]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Pieces_of_any_size_give_the_same_frames(int piece)
    {
        var cuts = Enumerable.Range(1, Stream.Length / piece).Select(i => i * piece).Append(Stream.Length).ToArray();
        Assert.Equal(Parse([Stream.Length]), Parse(cuts));
    }

    [Fact]
    public void Long_message_received_into_its_lease_equals_the_copied_one()
    {
        var payload = Wire.Bytes((2 * FrameHeader.ChunkBytes) + 12_345);
        var stream = Wire.Message(FrameType.Mix, 1, 3, 0, payload);
        var pool = new PayloadPool();
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), pool, sink);
        for (var at = 0; at < stream.Length;)
        {
            // As a socket does it: into the lease where there is one, else through a buffer of any size.
            var body = parser.Body;
            var count = Math.Min(body.Length > 0 ? body.Length : parser.Needed, Math.Min(100_000, stream.Length - at));
            var bytes = stream.AsSpan(at, count);
            if (body.Length > 0)
            {
                bytes.CopyTo(body.Span);
                Assert.Equal(RejectCode.None, parser.BodyReceived(count));
            }
            else
            {
                Assert.Equal(RejectCode.None, parser.Feed(bytes));
            }

            at += count;
        }

        Assert.True(Assert.Single(sink.Messages).Payload!.Span.SequenceEqual(payload));
        Assert.Equal(1, pool.Outstanding);
    }

    [Fact]
    public void Heartbeats_between_chunks_change_nothing()
    {
        var payload = Wire.Bytes(FrameHeader.ChunkBytes + 10);
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), new PayloadPool(), sink);
        parser.Feed(Wire.Data(FrameType.Mix, 1, 3, 0, payload.AsSpan(0, FrameHeader.ChunkBytes), 0, total: payload.Length));
        parser.Feed(Wire.Control(FrameType.Heartbeat, 2, []));
        parser.Feed(Wire.Data(FrameType.Mix, 3, 3, 0, payload.AsSpan(FrameHeader.ChunkBytes), 1, total: payload.Length));
        Assert.Equal(RejectCode.None, parser.Rejected);
        Assert.True(Assert.Single(sink.Messages).Payload!.Span.SequenceEqual(payload));
    }

    [Theory]
    [InlineData(FrameType.State, 3L, 0, 0)]
    [InlineData(FrameType.Mix, 4L, 0, 0)]
    [InlineData(FrameType.Mix, 3L, 1, 0)]
    [InlineData(FrameType.Mix, 3L, 0, 9)]
    public void Chunk_of_another_message_is_refused(FrameType type, long round, int row, ushort channel)
    {
        var payload = Wire.Bytes(FrameHeader.ChunkBytes + 10);
        var pool = new PayloadPool();
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), pool, sink);
        parser.Feed(Wire.Data(FrameType.Mix, 1, 3, 0, payload.AsSpan(0, FrameHeader.ChunkBytes), 0, total: payload.Length));
        var second = Wire.Data(type, 2, round, row, payload.AsSpan(FrameHeader.ChunkBytes), 1, channel, payload.Length);
        Assert.Equal(RejectCode.Chunk, parser.Feed(second));
        Assert.Empty(sink.Messages);
        Assert.Equal(0, pool.Outstanding);
    }

    [Theory]
    [InlineData(257)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Total_we_do_not_expect_is_refused_before_memory_is_leased(long total)
    {
        var pool = new PayloadPool();
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), pool, sink);
        Assert.Equal(RejectCode.Length, parser.Feed(Wire.Data(FrameType.Share, 1, 1, 1, Wire.Bytes(100), total: total)));
        Assert.Equal(0, pool.BytesHeld);
    }

    [Fact]
    public void Every_bit_flip_of_a_payload_is_refused()
    {
        var frame = Wire.Data(FrameType.Share, 1, 1, 1, Wire.Bytes(24));
        for (var bit = FrameHeader.Bytes * 8; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            using var sink = new RecordingSink();
            using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), new PayloadPool(), sink);
            Assert.NotEqual(RejectCode.None, parser.Feed([.. frame, .. new byte[64]]));
            Assert.Empty(sink.Messages);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Refused_stream_stays_refused()
    {
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), new PayloadPool(), sink);
        Assert.Equal(RejectCode.Magic, parser.Feed("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a browser that lost its way\r\n"u8));
        Assert.Equal(RejectCode.Magic, parser.Feed(Stream));
        Assert.Empty(sink.Seen);
    }

    private static List<string> Parse(int[] ends)
    {
        var pool = new PayloadPool();
        using var sink = new RecordingSink();
        using var parser = new FrameParser(Wire.Rules(LinkKind.FromWorker), pool, sink);
        var at = 0;
        foreach (var end in ends)
        {
            Assert.Equal(RejectCode.None, parser.Feed(Stream.AsSpan(at, end - at)));
            at = end;
        }

        return sink.Seen;
    }
}
