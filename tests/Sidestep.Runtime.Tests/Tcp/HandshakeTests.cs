using System.Diagnostics;
using System.Net.Sockets;

namespace Sidestep.Runtime.Tests.Tcp;

[Collection("alone")]
public sealed class HandshakeTests
{
    [Fact]
    public async Task Worker_with_another_secret_is_told_so_and_ends_with_77()
    {
        await using var net = new Net();
        var secret = Net.Secret.ToArray();
        secret[31] ^= 1;
        var refused = Assert.Throws<JoinRefusedException>(() => net.Create(0, secret).Connect(net.Coordinator.EndPoint));
        Assert.Equal(RejectCode.Authentication, refused.Code);
        Assert.Equal(77, refused.ExitCode);
        Assert.Contains("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_of_another_spec_or_arithmetic_is_told_both_values()
    {
        await using var net = new Net();
        var spec = Assert.Throws<JoinRefusedException>(() => net.Create(0, spec: "other-spec").Connect(net.Coordinator.EndPoint));
        Assert.Equal((RejectCode.Mismatch, 78), (spec.Code, spec.ExitCode));
        Assert.Contains("has spec", spec.Message, StringComparison.Ordinal);
        Assert.Contains("other-spec", spec.Message, StringComparison.Ordinal);
        var numeric = Assert.Throws<JoinRefusedException>(() => net.Create(0, numeric: "other-numbers").Connect(net.Coordinator.EndPoint));
        Assert.Equal((RejectCode.NumericClass, 78), (numeric.Code, numeric.ExitCode));
        Assert.Contains("'numbers'", numeric.Message, StringComparison.Ordinal);
        Assert.Contains("'other-numbers'", numeric.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slot_that_does_not_exist_is_full()
    {
        await using var net = new Net(workers: 2);
        using var socket = net.Dial();
        var refused = Assert.Throws<JoinRefusedException>(() => Handshake.Dial(socket, new Identity(Net.Secret, "spec", "numbers"), 2, Slots.Coordinator, 0));
        Assert.Equal(RejectCode.Full, refused.Code);
    }

    [Fact]
    public async Task Second_session_of_a_live_slot_is_refused_and_the_first_lives_on()
    {
        await using var net = new Net();
        var (first, _) = net.Join(0);
        var refused = Assert.Throws<JoinRefusedException>(() => net.Create(0).Connect(net.Coordinator.EndPoint));
        Assert.Equal(RejectCode.SlotBusy, refused.Code);
        await first.SendAsync(new Message { To = Slots.Coordinator, From = 0, Topic = Topic.Done, Round = 1 }, default);
        Assert.Equal(1, net.Inbox.Take(Topic.Done).Round);
    }

    [Fact]
    public async Task Hello_meant_for_another_node_is_refused()
    {
        await using var net = new Net();
        using var socket = net.Dial();
        var refused = Assert.Throws<JoinRefusedException>(() => Handshake.Dial(socket, new Identity(Net.Secret, "spec", "numbers"), 0, 1, 0));
        Assert.Equal(RejectCode.Identity, refused.Code);
    }

    [Fact]
    public async Task Recorded_handshake_played_again_is_refused()
    {
        await using var net = new Net();
        var identity = new Identity(Net.Secret, "spec", "numbers");
        var hello = new Hello(0, Slots.Coordinator, 0, Identity.Nonce(), "spec", "numbers").Write();
        byte[] proof;
        using (var honest = net.Dial())
        using (var channel = new HandshakeChannel(honest, TimeSpan.FromSeconds(8)))
        {
            channel.Send(FrameType.Hello, hello);
            var nonce = channel.Receive(FrameType.Challenge).AsSpan(0, Identity.NonceBytes);
            proof = identity.Prove("dialler", Hello.Read(hello).Hello!.Nonce, nonce, hello);
            channel.Send(FrameType.Proof, proof);
            channel.Receive(FrameType.Welcome);
        }

        using var replaying = net.Dial();
        using var replay = new HandshakeChannel(replaying, TimeSpan.FromSeconds(8));
        replay.Send(FrameType.Hello, hello);
        replay.Receive(FrameType.Challenge);
        replay.Send(FrameType.Proof, proof);
        Assert.Throws<SocketException>(() => replay.Receive(FrameType.Welcome));
        Assert.Equal(RejectCode.Authentication, net.NextRejection());
        Assert.Equal(0, net.Inbox.Count);
    }

    [Fact]
    public async Task Challenge_sent_back_as_proof_is_refused()
    {
        await using var net = new Net();
        using var socket = net.Dial();
        using var channel = new HandshakeChannel(socket, TimeSpan.FromSeconds(8));
        channel.Send(FrameType.Hello, new Hello(0, Slots.Coordinator, 0, Identity.Nonce(), "spec", "numbers").Write());
        channel.Send(FrameType.Proof, channel.Receive(FrameType.Challenge).AsSpan(Identity.NonceBytes));
        Assert.Equal(RejectCode.Authentication, net.NextRejection());
    }

    [Fact]
    public async Task Strangers_are_refused_by_code_and_honest_workers_still_join()
    {
        await using var net = new Net();
        using var browser = net.Dial();
        browser.Send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html, application/xhtml+xml\r\n\r\n"u8);
        Assert.Equal(RejectCode.Magic, net.NextRejection());
        using var early = net.Dial();
        using var channel = new HandshakeChannel(early, TimeSpan.FromSeconds(8));
        channel.Send(FrameType.Ready, []);
        Assert.Equal(RejectCode.State, net.NextRejection());
        using var empty = net.Dial();
        using var hello = new HandshakeChannel(empty, TimeSpan.FromSeconds(8));
        hello.Send(FrameType.Hello, []);
        Assert.Equal(RejectCode.Hello, net.NextRejection());
        net.Join(1);
    }

    [Fact]
    public async Task Flood_of_silent_sockets_leaves_sessions_alone()
    {
        await using var net = new Net();
        var (worker, _) = net.Join(0);
        var idle = Enumerable.Range(0, 150).Select(_ => net.Dial()).ToArray();
        await worker.SendAsync(new Message { To = Slots.Coordinator, From = 0, Topic = Topic.Done, Round = 4 }, default);
        Assert.Equal(4, net.Inbox.Take(Topic.Done).Round);
        Array.ForEach(idle, s => s.Dispose());
        Thread.Sleep(100);
        net.Join(1);
    }

    [Fact]
    public void Dripping_peer_gains_nothing_beyond_the_deadline()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        slow.Connect(listener.LocalEndPoint!);
        using var accepted = listener.Accept();
        using var channel = new HandshakeChannel(accepted, TimeSpan.FromMilliseconds(300));
        var frame = Frames.Wire.Greeting(FrameType.Hello, new byte[64]);
        var at = 0;
        using var dripping = new Timer(_ => slow.Send(frame.AsSpan(at++, 1)), null, 0, 50);
        var clock = Stopwatch.StartNew();
        Assert.Throws<SocketException>(() => channel.Receive(FrameType.Hello));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3));
        dripping.Change(Timeout.Infinite, Timeout.Infinite);
    }
}
