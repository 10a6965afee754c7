using System.Net.Sockets;
using System.Text;

namespace Sidestep.Runtime.Tests.Tcp;

public sealed class HandshakeTests
{
    private const int ProofBytes = 32, ChallengeBytes = 64;

    [Fact]
    public async Task Wrong_secret_is_refused_on_both_sides_and_the_run_goes_on()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(0);
        var refused = await Assert.ThrowsAsync<JoinRefusedException>(() => run.Worker(1, secret: new byte[32]));
        Assert.Equal((RejectCode.Authentication, 77), (refused.Code, refused.ExitCode));
        Assert.Contains("secret", refused.Message, StringComparison.Ordinal);
        await run.Trip(0, 1);
    }

    [Fact]
    public async Task Other_spec_is_refused_with_both_hashes()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(0);
        var refused = await Assert.ThrowsAsync<JoinRefusedException>(() => run.Worker(1, spec: "fedcba9876543210-another"));
        Assert.Equal((RejectCode.Mismatch, 78), (refused.Code, refused.ExitCode));
        Assert.Contains("0123456789abcdef", refused.Message, StringComparison.Ordinal);
        Assert.Contains("fedcba9876543210", refused.Message, StringComparison.Ordinal);
        await run.IsRejected(-2, RejectCode.Mismatch);
        await run.Trip(0, 1);
    }

    [Fact]
    public async Task Other_arithmetic_is_refused_with_both_names()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(0);
        var refused = await Assert.ThrowsAsync<JoinRefusedException>(() => run.Worker(1, numeric: "native-7"));
        Assert.Equal((RejectCode.NumericClass, 78), (refused.Code, refused.ExitCode));
        Assert.Contains("'managed-1'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'native-7'", refused.Message, StringComparison.Ordinal);
        await run.IsRejected(-2, RejectCode.NumericClass);
        await run.Trip(0, 1);
    }

    [Theory, InlineData(2), InlineData(int.MaxValue), InlineData(-1)]
    public async Task Slot_that_does_not_exist_is_refused(int slot)
    {
        await using var run = new TestCoordinator(2);
        var refused = await Assert.ThrowsAsync<JoinRefusedException>(() => run.Worker(slot));
        Assert.Equal(RejectCode.Full, refused.Code);
        Assert.Contains($"no slot {slot}: this run has slots 0 to 1", refused.Message, StringComparison.Ordinal);
        await run.IsRejected(-2, RejectCode.Full);
        await run.Joined(1);
        await run.Trip(1, 1);
    }

    [Fact]
    public async Task Second_session_of_a_live_slot_is_refused_and_the_first_goes_on()
    {
        await using var run = new TestCoordinator(1);
        await run.Joined(0);
        var refused = await Assert.ThrowsAsync<JoinRefusedException>(() => run.Worker(0));
        Assert.Equal(RejectCode.SlotBusy, refused.Code);
        await run.IsRejected(-2, RejectCode.SlotBusy);
        await run.Trip(0, 1);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: a-browser/1.0\r\nAccept: */*\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 nothing of ours, but long enough for the header of a frame to be judged")]
    [InlineData("1SDP the right beginning, and then nothing that would be right, for more than 64 bytes")]
    public async Task Bytes_that_are_no_frames_are_closed_without_a_reply(string garbage)
    {
        await using var run = new TestCoordinator(1);
        await run.Joined(0);
        using var raw = run.Raw();
        raw.Send(Encoding.Latin1.GetBytes(garbage));
        Assert.True(IsClosedWithoutReply(raw));
        await run.Trip(0, 1);
    }

    [Fact]
    public async Task Hello_that_cannot_be_read_is_refused_as_such()
    {
        await using var run = new TestCoordinator(1);
        using var raw = run.Raw();
        raw.Send(Frames.TestFrames.Control(FrameType.Hello, new byte[60], 1));
        Assert.True(IsClosedWithoutReply(raw));
        await run.IsRejected(-2, RejectCode.Hello);
    }

    [Fact]
    public async Task Data_before_the_handshake_is_closed()
    {
        await using var run = new TestCoordinator(1);
        using var raw = run.Raw();
        raw.Send(Frames.TestFrames.Message(FrameType.Share, 0, [1, 2, 3], 1));
        Assert.True(IsClosedWithoutReply(raw));
        await run.Joined(0);
        await run.Trip(0, 1);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Replayed_or_reflected_proof_is_refused(bool reflect)
    {
        await using var run = new TestCoordinator(1);
        using var stop = new CancellationTokenSource();
        using var proxy = new RecordingProxy(run.Transport.EndPoint);
        await run.Joined(0, proxy.EndPoint, stop.Token);
        var said = proxy.Said;
        await stop.CancelAsync();
        await run.Next(Topic.Lost);

        using var raw = run.Raw();
        var helloBytes = FrameHeader.Bytes + BitConverter.ToInt32(said, 12);
        raw.Send(said.AsSpan(0, helloBytes));
        var challenge = new byte[FrameHeader.Bytes + ChallengeBytes];
        for (var got = 0; got < challenge.Length;)
        {
            got += raw.Receive(challenge.AsSpan(got));
        }

        raw.Send(reflect
            ? Frames.TestFrames.Control(FrameType.Proof, challenge.AsSpan(FrameHeader.Bytes + 32), 2)
            : said.AsSpan(helloBytes, FrameHeader.Bytes + ProofBytes));
        Assert.True(IsClosedWithoutReply(raw));
        await run.IsRejected(-2, RejectCode.Authentication);
        await run.Joined(0);
    }

    [Fact]
    public async Task Sockets_that_say_nothing_or_little_are_closed_after_the_deadline_and_keep_nobody_out()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(0);
        using var silent = run.Raw();
        using var slow = run.Raw();
        var hello = Frames.TestFrames.Control(FrameType.Hello, new byte[60], 1);
        var closed = Task.WhenAll(Task.Run(() => IsClosedWithoutReply(silent)), Task.Run(() => IsClosedWithoutReply(slow)));
        await run.Joined(1);
        await run.Trip(1, 1);
        for (var i = 0; i < hello.Length && !closed.IsCompleted; i++)
        {
            slow.Send(hello.AsSpan(i, 1), SocketFlags.None, out _);
            await Task.Delay(200);
        }

        Assert.All(await closed, Assert.True);
        await run.Trip(0, 2);
    }

    private static bool IsClosedWithoutReply(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted;
        }
    }
}
