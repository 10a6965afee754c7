namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameRulesTests
{
    private static readonly FrameHeader Beat = new(
        FrameType.Heartbeat, 0, 0, TestFrames.Job, TestFrames.Generation, TestFrames.Epoch, 0, TestFrames.Slot, 0, 9, 0);

    [Fact]
    public void Each_gate_has_its_code()
    {
        var rules = TestFrames.Rules(LinkKind.FromWorker, new AtMost(100));
        Assert.Equal(RejectCode.None, rules.Judge(Beat, 9));
        Assert.Equal(RejectCode.Sequence, rules.Judge(Beat, 10));
        Assert.Equal(RejectCode.Job, rules.Judge(Beat with { Job = 0 }, 9));
        Assert.Equal(RejectCode.Generation, rules.Judge(Beat with { Generation = 0 }, 9));
        Assert.Equal(RejectCode.Epoch, rules.Judge(Beat with { Epoch = 3 }, 9));
        Assert.Equal(RejectCode.Identity, rules.Judge(Beat with { Slot = 4 }, 9));
        Assert.Equal(RejectCode.Length, rules.Judge(Beat with { Length = 1 }, 9));
        Assert.Equal(RejectCode.Length, rules.Judge(Beat with { Type = FrameType.Events, Length = FrameRules.ControlBytes + 1 }, 9));
        Assert.Equal(RejectCode.Length, rules.Judge(Beat with { Type = FrameType.Events, Length = -1 }, 9));
        Assert.Equal(RejectCode.Length, rules.Judge(Beat with { Type = FrameType.Share, Length = DataHeader.Bytes - 1 }, 9));
    }

    [Fact]
    public void Frames_of_the_handshake_are_out_of_place_after_it()
    {
        foreach (var kind in Enum.GetValues<LinkKind>())
        {
            var rules = TestFrames.Rules(kind, new AtMost(100));
            for (var type = FrameType.Hello; type <= FrameType.Ready; type++)
            {
                Assert.Equal(RejectCode.State, rules.Judge(Beat with { Type = type }, 9));
            }
        }
    }

    [Fact]
    public void Only_the_awaited_frame_or_a_refusal_comes_in_a_handshake()
    {
        foreach (var awaited in Enum.GetValues<FrameType>().Where(FrameTypes.IsHandshake))
        {
            var rules = TestFrames.Rules(LinkKind.FromPeer, new AtMost(100), awaited);
            foreach (var type in Enum.GetValues<FrameType>())
            {
                var fits = type == awaited || type == FrameType.Refused;
                Assert.Equal(
                    fits ? RejectCode.None : RejectCode.State,
                    rules.Judge(new FrameHeader(type, 0, 4096, 0, 0, 0, 0, 0, 0, 1, 0), 1));
            }

            var header = new FrameHeader(awaited, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0);
            Assert.Equal(RejectCode.Length, rules.Judge(header with { Length = 4097 }, 1));
            Assert.Equal(RejectCode.Reserved, rules.Judge(header with { Generation = 1 }, 1));
            Assert.Equal(RejectCode.Reserved, rules.Judge(header with { Epoch = 1 }, 1));
            Assert.Equal(RejectCode.Reserved, rules.Judge(header with { Slot = 1 }, 1));
        }
    }

    [Fact]
    public void Model_comes_only_from_the_coordinator_and_share_only_from_a_worker()
    {
        Assert.Equal(RejectCode.Direction, Judge(FrameType.Model, LinkKind.FromWorker));
        Assert.Equal(RejectCode.Direction, Judge(FrameType.Model, LinkKind.FromPeer));
        Assert.Equal(RejectCode.Direction, Judge(FrameType.Share, LinkKind.FromCoordinator));
        Assert.Equal(RejectCode.Direction, Judge(FrameType.Share, LinkKind.FromPeer));
        Assert.Equal(RejectCode.None, Judge(FrameType.Model, LinkKind.FromCoordinator));
        Assert.Equal(RejectCode.None, Judge(FrameType.Share, LinkKind.FromWorker));
        Assert.Equal(RejectCode.None, Judge(FrameType.Mix, LinkKind.FromPeer));

        static RejectCode Judge(FrameType type, LinkKind kind) =>
            TestFrames.Rules(kind, new AtMost(100)).Judge(Beat with { Type = type, Length = DataHeader.Bytes }, 9);
    }
}
