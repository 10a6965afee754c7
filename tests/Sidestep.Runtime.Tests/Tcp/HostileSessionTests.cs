using Sidestep.Runtime.Tests.Frames;

namespace Sidestep.Runtime.Tests.Tcp;

/// <summary>An authenticated worker that sends what no worker would send loses its session, and nothing else happens.</summary>
[Collection("alone")]
public sealed class HostileSessionTests
{
    public static TheoryData<RejectCode> Codes =>
    [
        RejectCode.Magic, RejectCode.HeaderChecksum, RejectCode.Type, RejectCode.Length, RejectCode.BodyChecksum, RejectCode.Chunk, RejectCode.Direction,
        RejectCode.Sequence, RejectCode.State, RejectCode.Generation, RejectCode.Epoch, RejectCode.Identity, RejectCode.Job, RejectCode.Reserved,
    ];

    [Theory, MemberData(nameof(Codes))]
    public async Task Frame_that_breaks_a_rule_ends_the_session_by_its_code(RejectCode code)
    {
        await using var net = new Net(2, new SmallShares());
        var (socket, job) = net.JoinBare(0);
        using (socket)
        {
            socket.Send(Share(job, 1, header => header));
            Assert.Equal(5, net.Inbox.Take(Topic.Share).Round);
            socket.Send(Broken(code, job));
            Assert.Equal(code, net.NextRejection());
            Assert.Equal(0, net.Inbox.Take(Topic.Lost).From);
            net.Join(0);
        }

        Assert.Equal(0, net.Inbox.Count);
    }

    [Fact]
    public async Task Connection_cut_at_any_byte_of_a_frame_is_a_loss_and_no_message()
    {
        await using var net = new Net(2, new SmallShares());
        for (var cut = 0; cut < 112; cut += 13)
        {
            var (socket, job) = net.JoinBare(0);
            socket.Send(Share(job, 1, header => header).AsSpan(0, cut));
            socket.Dispose();
            Assert.Equal(0, net.Inbox.Take(Topic.Lost).From);
        }

        Assert.Equal(0, net.Coordinator.Pool.Outstanding);
        Assert.Empty(net.Rejected);
    }

    private static byte[] Broken(RejectCode code, ulong job)
    {
        var damaged = Share(job, 2, header => header);
        switch (code)
        {
            case RejectCode.Magic:
                damaged[0] ^= 1;
                return damaged;
            case RejectCode.HeaderChecksum:
                damaged[40] ^= 1;
                return damaged;
            case RejectCode.BodyChecksum:
                damaged[^1] ^= 1;
                return damaged;
            case RejectCode.Length:
                return Share(job, 2, header => header, 17);
            default:
                return Share(job, 2, header => Change(code, header));
        }
    }

    private static FrameHeader Change(RejectCode code, FrameHeader header) => code switch
    {
        RejectCode.Type => header with { Type = (FrameType)99 },
        RejectCode.Chunk => header with { Chunk = 1 },
        RejectCode.Direction => header with { Type = FrameType.Model },
        RejectCode.Sequence => header with { Sequence = 1 },
        RejectCode.State => header with { Type = FrameType.Ready, Round = 0 },
        RejectCode.Generation => header with { Generation = 2 },
        RejectCode.Epoch => header with { Epoch = 1 },
        RejectCode.Identity => header with { Slot = 1 },
        RejectCode.Job => header with { Job = header.Job + 1 },
        _ => header with { Type = FrameType.Heartbeat },
    };

    private static byte[] Share(ulong job, long sequence, Func<FrameHeader, FrameHeader> change, int length = 16)
    {
        var body = new byte[DataHeader.Bytes + length];
        new DataHeader(0, 0, 1, 0.5, length).Write(body);
        return Wire.Frame(change(new FrameHeader(FrameType.Share, 0, body.Length, job, 1, 0, 5, 0, 0, sequence, 0)), body);
    }

    private sealed class SmallShares : IPayloadLimits
    {
        public (int Least, int Most) For(Topic topic, int row) => topic == Topic.Share ? (16, 16) : (0, 64);
    }
}
