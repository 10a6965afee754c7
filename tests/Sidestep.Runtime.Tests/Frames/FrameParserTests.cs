namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameParserTests
{
    private const int NineMiB = 9 << 20;
    private const int WholeChunk = FrameHeader.Bytes + DataHeader.Bytes + FrameHeader.ChunkBytes;

    private static readonly byte[] Large = TestFrames.Payload(NineMiB);

    [Fact]
    public void Small_frames_are_the_same_however_the_stream_is_split()
    {
        byte[] stream =
        [
            .. TestFrames.Control(FrameType.Heartbeat, [], 1),
            .. TestFrames.Message(FrameType.Share, 2, TestFrames.Payload(5), 2),
            .. TestFrames.Control(FrameType.Events, TestFrames.Payload(96), 3),
            .. TestFrames.Message(FrameType.NeedState, -1, [], 4),
            .. TestFrames.Message(FrameType.Share, 3, TestFrames.Payload(64), 5),
            .. TestFrames.Control(FrameType.Events, [], 6),
        ];
        var whole = Parse(stream, [stream.Length]);
        Assert.Equal(6 + 6, whole.Count);
        for (var first = 0; first <= stream.Length; first++)
        {
            Assert.Equal(whole, Parse(stream, [first, stream.Length]));
        }

        Assert.Equal(whole, Parse(stream, Enumerable.Range(1, stream.Length)));
        Assert.Equal(whole, Parse(stream, Enumerable.Range(1, stream.Length), straight: true));
    }

    [Fact]
    public void Chunked_message_is_the_same_however_the_stream_is_split()
    {
        // A heartbeat goes between the chunks; borders of all frames are crossed at every interesting distance.
        byte[] stream =
        [
            .. TestFrames.Chunk(FrameType.Share, 2, Large, 0, 1),
            .. TestFrames.Control(FrameType.Heartbeat, [], 2),
            .. TestFrames.Chunk(FrameType.Share, 2, Large, 1, 3),
            .. TestFrames.Chunk(FrameType.Share, 2, Large, 2, 4),
            .. TestFrames.Message(FrameType.Share, 3, TestFrames.Payload(64), 5),
        ];
        var whole = Parse(stream, [stream.Length]);
        Assert.Equal(5 + 3, whole.Count);
        Assert.Contains($" {NineMiB} {Checksum.Crc32C(Large)}", whole[^3], StringComparison.Ordinal);
        foreach (var border in new[] { 0, WholeChunk, WholeChunk + FrameHeader.Bytes, (2 * WholeChunk) + FrameHeader.Bytes })
        {
            foreach (var distance in new[] { 1, 63, 64, 65, 95, 96, 97 })
            {
                Assert.Equal(whole, Parse(stream, [border, border + distance, stream.Length]));
            }
        }

        Assert.Equal(whole, Parse(stream, Enumerable.Range(1, 1 + (stream.Length / 65_000)).Select(i => Math.Min(stream.Length, i * 65_000))));
        Assert.Equal(whole, Parse(stream, Enumerable.Range(1, 1 + (stream.Length / 65_000)).Select(i => Math.Min(stream.Length, i * 65_000)), straight: true));
    }

    [Fact]
    public void Chunks_out_of_order_or_of_different_messages_are_refused()
    {
        var first = TestFrames.Chunk(FrameType.Mix, 2, Large, 0, 1);
        Assert.Equal(RejectCode.Chunk, Refusal([TestFrames.Chunk(FrameType.Mix, 2, Large, 1, 1)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.Mix, 2, Large, 2, 2)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.Mix, 2, Large, 0, 2)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.Mix, 2, Large[..(NineMiB - 1)], 1, 2)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.Mix, 3, Large, 1, 2)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.State, 2, Large, 1, 2)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Chunk(FrameType.Mix, 2, Large, 1, 2, round: 8)]));
        Assert.Equal(RejectCode.Chunk, Refusal([first, TestFrames.Message(FrameType.Mix, 2, [1], 2)]));
        Assert.Equal(RejectCode.Sequence, Refusal([first, TestFrames.Chunk(FrameType.Mix, 2, Large, 1, 3)]));
    }

    [Fact]
    public void Totals_that_are_not_expected_are_refused_before_memory_is_leased()
    {
        using var parser = Parser(out var pool, new FrameLog(), new AtMost(NineMiB - 1));
        Assert.Equal(RejectCode.Length, parser.Feed(TestFrames.Chunk(FrameType.Mix, 2, Large, 0, 1).AsSpan(0, 96)));
        Assert.Equal(0, pool.BytesHeld);
        Assert.Equal(RejectCode.Length, Refusal([TestFrames.Chunk(FrameType.Share, 2, [1, 2, 3], 0, 1)], new AtMost(2)));
        Assert.Equal(RejectCode.Length, Refusal([TestFrames.Chunk(FrameType.Share, 2, [1, 2], 0, 1)], new Exactly(3)));
        var frame = TestFrames.Chunk(FrameType.Share, 2, [1, 2, 3], 0, 1);
        foreach (var total in new long[] { 2, 4, 0, -1, long.MaxValue, long.MinValue })
        {
            BitConverter.TryWriteBytes(frame.AsSpan(FrameHeader.Bytes + 24), total);
            Assert.Equal(RejectCode.Length, Refusal([frame]));
        }
    }

    [Fact]
    public void Damaged_bodies_are_refused_and_their_memory_given_back()
    {
        foreach (var frame in new[] { TestFrames.Message(FrameType.Share, 2, TestFrames.Payload(40), 1), TestFrames.Control(FrameType.Events, TestFrames.Payload(48), 1) })
        {
            for (var bit = FrameHeader.Bytes * 8; bit < frame.Length * 8; bit++)
            {
                var damaged = frame.ToArray();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(RejectCode.None, Refusal([damaged]));
                Assert.True(bit / 8 < FrameHeader.Bytes + DataHeader.Bytes || Refusal([damaged]) == RejectCode.BodyChecksum);
            }
        }

        var last = TestFrames.Chunk(FrameType.Mix, 2, Large, 2, 3);
        last[^1] ^= 1;
        Assert.Equal(
            RejectCode.BodyChecksum,
            Refusal([TestFrames.Chunk(FrameType.Mix, 2, Large, 0, 1), TestFrames.Chunk(FrameType.Mix, 2, Large, 1, 2), last]));
    }

    [Fact]
    public void Refused_stream_stays_refused_and_delivers_nothing_more()
    {
        var log = new FrameLog();
        using var parser = Parser(out _, log, new AtMost(100));
        Assert.Equal(RejectCode.Sequence, parser.Feed(TestFrames.Control(FrameType.Heartbeat, [], 2)));
        Assert.Equal(RejectCode.Sequence, parser.Feed(TestFrames.Control(FrameType.Heartbeat, [], 1)));
        Assert.True(parser.Body.IsEmpty);
        Assert.Empty(log.Lines);
    }

    private static FrameParser Parser(out PayloadPool pool, FrameLog log, IPayloadLimits limits) =>
        new(TestFrames.Rules(LinkKind.FromWorker, limits), pool = new PayloadPool(), log);

    private static RejectCode Refusal(IEnumerable<byte[]> frames, IPayloadLimits? limits = null)
    {
        using var parser = Parser(out var pool, new FrameLog(), limits ?? new AtMost(NineMiB));
        var code = RejectCode.None;
        foreach (var frame in frames)
        {
            Assert.Equal(RejectCode.None, code);
            code = parser.Feed(frame);
        }

        Assert.Equal(0, pool.Outstanding);
        return code;
    }

    // Feeds the pieces that end at the given offsets; straight: payloads go where the parser wants them, as from a socket.
    private static List<string> Parse(byte[] stream, IEnumerable<int> ends, bool straight = false)
    {
        var log = new FrameLog();
        using var parser = Parser(out var pool, log, new AtMost(NineMiB));
        var at = 0;
        foreach (var end in ends)
        {
            while (straight && at < end && !parser.Body.IsEmpty)
            {
                var count = Math.Min(end - at, parser.Body.Length);
                stream.AsSpan(at, count).CopyTo(parser.Body.Span);
                Assert.Equal(RejectCode.None, parser.BodyReceived(count));
                at += count;
            }

            Assert.Equal(RejectCode.None, parser.Feed(stream.AsSpan(at, end - at)));
            at = end;
        }

        Assert.Equal(0, pool.Outstanding);
        return log.Lines;
    }

    private sealed class Exactly(int bytes) : IPayloadLimits
    {
        public (int Least, int Most) For(Topic topic, int row) => (bytes, bytes);
    }
}
