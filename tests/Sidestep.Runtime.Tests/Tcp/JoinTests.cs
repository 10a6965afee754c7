namespace Sidestep.Runtime.Tests.Tcp;

[Collection("alone")]
public sealed class JoinTests
{
    [Fact]
    public async Task Hello_meant_for_another_node_is_refused()
    {
        // As when a dead worker's port was given to another process.
        await using var net = new Net();
        using var socket = net.Dial();
        var refused = Assert.Throws<JoinRefusedException>(() => Handshake.Dial(socket, new Identity(Net.Secret, "spec", "numbers"), 0, listener: 1, port: 0));
        Assert.Equal(RejectCode.Identity, refused.Code);
    }

    [Fact]
    public async Task Frames_out_of_place_are_reported_by_their_code()
    {
        await using var net = new Net();
        using var socket = net.Dial();
        using var channel = new HandshakeChannel(socket, TimeSpan.FromSeconds(8));
        channel.Send(FrameType.Ready, []);
        Assert.Equal(RejectCode.State, net.NextRejection());
    }

    [Fact]
    public async Task Flood_of_silent_sockets_leaves_sessions_alone()
    {
        await using var net = new Net();
        var (worker, _) = net.Join(0);
        var idle = Enumerable.Range(0, 150).Select(_ => net.Dial()).ToArray();
        await worker.SendAsync(new Message { To = Slots.Coordinator, From = 0, Topic = Topic.Done, Round = 4 }, default);
        Assert.Equal(4, net.Inbox.Take(Topic.Done).Round);
        Array.ForEach(idle, socket => socket.Dispose());
    }

    [Fact]
    public void Hello_of_other_versions_is_told_apart_from_one_that_cannot_be_read()
    {
        var hello = new Hello(1, Slots.Coordinator, 4711, Identity.Nonce(), "spec", "numbers");
        var bytes = hello.Write();
        var (read, code) = Hello.Read(bytes);
        Assert.Equal(RejectCode.None, code);
        Assert.Equal((1, Slots.Coordinator, 4711, "spec", "numbers"), (read!.Slot, read.Listener, read.Port, read.SpecHash, read.NumericClass));
        (bytes[0], bytes[1]) = (2, 3);
        Assert.Equal(RejectCode.Version, Hello.Read(bytes).Code);
        (bytes[0], bytes[1]) = (3, 2);
        Assert.Equal(RejectCode.Hello, Hello.Read(bytes).Code);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(Hello.Read(hello.Write().AsSpan(0, length)).Hello);
        }
    }
}
