using System.Diagnostics;

namespace Sidestep.Runtime.Tests.Frames;

[Collection("alone")]
public sealed class FrameFuzzTests
{
    private const int Frames = 1_000_000, MostBytesPerFrame = 4096;

    // Everything a parser and the state of a session can refuse; the other codes belong to the admission.
    private static readonly RejectCode[] Reachable =
    [
        RejectCode.None, RejectCode.Magic, RejectCode.HeaderChecksum, RejectCode.Version, RejectCode.Type, RejectCode.Reserved, RejectCode.Length,
        RejectCode.BodyChecksum, RejectCode.Chunk, RejectCode.Direction, RejectCode.Sequence, RejectCode.State, RejectCode.Generation,
        RejectCode.Epoch, RejectCode.Identity, RejectCode.Job, RejectCode.Hello,
    ];

    [Fact]
    public void A_million_damaged_frames_neither_break_nor_bloat_the_parser_and_reach_every_reject_code()
    {
        var bench = new Bench();
        bench.Run(1, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        bench.Run(2, Frames);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Frames;
        Assert.True(each <= MostBytesPerFrame, $"{each} bytes allocated per frame; at most {MostBytesPerFrame} are allowed");
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{clock.Elapsed} for {Frames} frames");
        Assert.Equal(Reachable.Order(), bench.Codes.Order());
        Assert.Equal(0, bench.Pool.Outstanding);
    }

    private sealed class Bench : IFrameSink
    {
        private static readonly byte[] Beat = Wire.Control(FrameType.Heartbeat, 1, []);
        private readonly (Func<FrameRules> Rules, byte[] Before, byte[][] Frames)[] _links = Links();
        private readonly FrameMutator _mutator;
        private readonly byte[] _buffer = new byte[2048];

        public Bench() => _mutator = new FrameMutator([.. _links.SelectMany(l => l.Frames)]);

        public PayloadPool Pool { get; } = new();

        public HashSet<RejectCode> Codes { get; } = [];

        public void Run(ulong seed, int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                var rng = new Rng(seed, Purpose.Test, 0, 0, i);
                var (rules, before, samples) = _links[rng.Next(_links.Length)];
                using var parser = new FrameParser(rules(), Pool, this);
                parser.Feed(before);
                var length = _mutator.Mutate(samples[rng.Next(samples.Length)], _buffer, ref rng);
                var cut = rng.Next(length + 1);
                parser.Feed(_buffer.AsSpan(0, cut));
                parser.Feed(_buffer.AsSpan(cut, length - cut));
                Codes.Add(parser.Rejected);
                if (parser.Rejected != RejectCode.None && parser.Feed(Beat) != parser.Rejected)
                {
                    Assert.Fail($"frame {i}: a refused stream went on");
                }
            }
        }

        public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload) => header.Type switch
        {
            FrameType.Hello => Hello.Read(payload).Code,
            FrameType.Welcome => Welcome.Read(payload) is null ? RejectCode.Hello : RejectCode.None,
            FrameType.Events => EventCodec.Read(payload, Wire.Slot, null),
            FrameType.Roster => new Roster(4).Read(payload),
            _ => RejectCode.None,
        };

        public void OnMessage(in Message message)
        {
            var (least, most) = Wire.Rules(LinkKind.FromWorker).Limits.For(message.Topic, message.Row);
            Assert.InRange(message.Payload?.Length ?? 0, least, most);
            message.Payload?.Dispose();
        }

        public void OnFrame(in FrameHeader header, int row)
        {
        }

        private static (Func<FrameRules> Rules, byte[] Before, byte[][] Frames)[] Links()
        {
            var events = new byte[2 * EventCodec.Bytes];
            EventCodec.Write(new RunEvent(Wire.Slot, 3, 1, Phase.Compute, TimeSpan.FromTicks(5), TimeSpan.FromTicks(9), 1), events);
            EventCodec.Write(new RunEvent(Wire.Slot, 3, 1, Phase.Share, TimeSpan.FromTicks(5), TimeSpan.FromTicks(9), 1), events.AsSpan(EventCodec.Bytes));
            var hello = new Hello(Wire.Slot, Slots.Coordinator, 4711, Wire.Bytes(Identity.NonceBytes), "spec", "managed-1").Write();
            return
            [
                (() => Wire.Rules(LinkKind.FromWorker), Beat,
                [
                    Wire.Data(FrameType.Share, 2, 5, 1, Wire.Bytes(64)), Wire.Data(FrameType.Mix, 2, 5, 0, Wire.Bytes(40), channel: 3),
                    Wire.Data(FrameType.Done, 2, 5, -1, []), Wire.Control(FrameType.Events, 2, events), Wire.Control(FrameType.Heartbeat, 2, []),
                ]),
                (() => Wire.Rules(LinkKind.FromCoordinator), Beat,
                [
                    Wire.Data(FrameType.Model, 2, 5, -1, Wire.Bytes(48)), Wire.Data(FrameType.Ask, 2, 5, 2, []), Wire.Data(FrameType.Stop, 2, 5, -1, []),
                    Wire.Data(FrameType.Plan, 2, 5, 0, Wire.Bytes(12)), Wire.Control(FrameType.Roster, 2, new Roster(4).Write()),
                ]),
                (() => Wire.Handshaking(FrameType.Hello), [], [Wire.Greeting(FrameType.Hello, hello)]),
                (() => Wire.Handshaking(FrameType.Welcome), [],
                    [Wire.Greeting(FrameType.Welcome, new Welcome(1, 1, 0, TimeSpan.FromSeconds(1)).Write()), Wire.Greeting(FrameType.Refused, [3, 65])]),
            ];
        }
    }
}
