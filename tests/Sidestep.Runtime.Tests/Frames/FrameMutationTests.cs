namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameMutationTests
{
    private const int Cases = 1_000_000, MostBytesPerCase = 4096;
    private const long MostHeld = 64 << 20;
    private static readonly TimeSpan Watch = TimeSpan.FromMinutes(3);

    private static readonly RejectCode[] OfTheParser = [.. Enumerable.Range((int)RejectCode.Magic, 15).Select(c => (RejectCode)c)];

    [Fact]
    public void Million_damaged_frames_end_in_a_code_or_a_frame()
    {
        // A thread of its own: what it allocates is counted, and it is watched.
        var outcome = new Outcome();
        var thread = new Thread(() => outcome.Failure = Record.Exception(() => Run(outcome))) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Watch), $"case {outcome.Case} hangs");
        Assert.Null(outcome.Failure);
        Assert.Empty(OfTheParser.Except(Enum.GetValues<RejectCode>().Where(code => outcome.Reached[(int)code] > 0)));
        Assert.InRange(outcome.Reached[(int)RejectCode.None], Cases / 100, Cases);
        Assert.InRange(outcome.Messages, Cases / 100, Cases * 4L);
        Assert.InRange(outcome.Allocated / Cases, 0, MostBytesPerCase);
    }

    private static void Run(Outcome outcome)
    {
        var entries = Corpus().ToArray();
        var mutator = new FrameMutator(1, [.. entries.Select(e => e.Bytes)]);
        var pool = new PayloadPool();
        var rng = new Rng(2, Purpose.Test, 0, 0, 0);
        var start = GC.GetAllocatedBytesForCurrentThread();
        for (; outcome.Case < Cases; outcome.Case++)
        {
            var entry = rng.Next(entries.Length);
            var rules = TestFrames.Rules(entries[entry].Kind, Sizes.Instance, entries[entry].Awaited);
            using (var parser = new FrameParser(rules, pool, outcome))
            {
                outcome.Reached[(int)Feed(parser, mutator.Next(entry), ref rng)]++;
            }

            if (pool.Outstanding != 0 || pool.BytesHeld > MostHeld)
            {
                throw new InvalidOperationException($"case {outcome.Case}: {pool.Outstanding} leases are out, {pool.BytesHeld} bytes held");
            }
        }

        outcome.Allocated = GC.GetAllocatedBytesForCurrentThread() - start;
    }

    // In one to three pieces, payloads in half of the cases straight to where the parser wants them.
    private static RejectCode Feed(FrameParser parser, ReadOnlySpan<byte> bytes, ref Rng rng)
    {
        var straight = rng.Next(2) == 0;
        while (!bytes.IsEmpty && parser.Rejected == RejectCode.None)
        {
            var count = rng.Next(3) == 0 ? 1 + rng.Next(bytes.Length) : bytes.Length;
            var body = parser.Body;
            if (straight && !body.IsEmpty)
            {
                count = Math.Min(count, body.Length);
                bytes[..count].CopyTo(body.Span);
                parser.BodyReceived(count);
            }
            else
            {
                parser.Feed(bytes[..count]);
            }

            bytes = bytes[count..];
        }

        return parser.Rejected;
    }

    private static IEnumerable<(byte[] Bytes, LinkKind Kind, FrameType? Awaited)> Corpus()
    {
        foreach (var type in Enum.GetValues<FrameType>())
        {
            if (FrameTypes.IsHandshake(type))
            {
                yield return (TestFrames.Control(type, TestFrames.Payload(110), 1), LinkKind.FromPeer, type);
                yield return (TestFrames.Control(type, [], 1), LinkKind.FromWorker, type);
                continue;
            }

            foreach (var kind in Enum.GetValues<LinkKind>().Where(kind => FrameTypes.MayCome(type, kind)))
            {
                var frame = FrameTypes.IsData(type) ? TestFrames.Message(type, 2, TestFrames.Payload(100), 1)
                    : TestFrames.Control(type, TestFrames.Payload(type == FrameType.Heartbeat ? 0 : 96), 1);
                yield return (frame, kind, null);
            }
        }

        byte[] several =
        [
            .. TestFrames.Control(FrameType.Heartbeat, [], 1),
            .. TestFrames.Message(FrameType.Share, 0, TestFrames.Payload(300), 2),
            .. TestFrames.Message(FrameType.Done, -1, [], 3),
            .. TestFrames.Control(FrameType.Events, TestFrames.Payload(960), 4),
        ];
        yield return (several, LinkKind.FromWorker, null);
        yield return (TestFrames.Chunk(FrameType.State, 1, TestFrames.Payload(Sizes.State), 0, 1)[..512], LinkKind.FromPeer, null);
    }

    private sealed class Sizes : IPayloadLimits
    {
        public const int State = 9 << 20;

        public static Sizes Instance { get; } = new();

        public (int Least, int Most) For(Topic topic, int row) => (0, topic == Topic.State ? State : 64 << 10);
    }

    private sealed class Outcome : IFrameSink
    {
        public int Case { get; set; }

        public long[] Reached { get; } = new long[64];

        public long Messages { get; private set; }

        public long Allocated { get; set; }

        public Exception? Failure { get; set; }

        public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload) => RejectCode.None;

        public void OnMessage(in Message message)
        {
            Messages++;
            message.Payload?.Dispose();
        }

        public void OnFrame(in FrameHeader header, int row)
        {
        }
    }
}
