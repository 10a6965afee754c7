using System.Diagnostics;
using Sidestep.Runtime.Tests.Frames;

namespace Sidestep.Runtime.Tests.Tcp;

[Collection("alone")]
public sealed class TcpTransportTests
{
    [Fact]
    public async Task Messages_arrive_whole_and_in_order_both_ways()
    {
        await using var net = new Net();
        var (worker, inbox) = net.Join(1);
        const int Count = 400;
        for (var i = 0; i < Count; i++)
        {
            await SendAsync(worker, Slots.Coordinator, Topic.Share, i, Wire.Bytes(1 + (i * 37 % 70_000), (ulong)i), row: i % 7);
            await SendAsync(net.Coordinator, 1, Topic.Mix, i, Wire.Bytes(i % 100, (ulong)i), row: -1);
        }

        for (var i = 0; i < Count; i++)
        {
            Check(net.Inbox.Take(Topic.Share), 1, i, Wire.Bytes(1 + (i * 37 % 70_000), (ulong)i), i % 7);
            Check(inbox.Take(Topic.Mix), Slots.Coordinator, i, Wire.Bytes(i % 100, (ulong)i), -1);
        }

        Assert.Equal(0, net.Coordinator.Pool.Outstanding);
        Assert.Equal(0, worker.Pool.Outstanding);
    }

    [Fact]
    public async Task Message_of_100_MB_arrives_and_both_ends_count_the_same_bytes()
    {
        await using var net = new Net();
        var (worker, inbox) = net.Join(0);
        const int Length = 100_000_000;
        var payload = new byte[Length];
        for (var i = 0; i < Length; i += 4096)
        {
            payload[i] = (byte)(i >> 12);
        }

        await SendAsync(net.Coordinator, 0, Topic.Model, 1, payload, -1);
        Check(inbox.Take(Topic.Model, 60), Slots.Coordinator, 1, payload, -1);
        await SendAsync(worker, Slots.Coordinator, Topic.Share, 1, payload, 0);
        Check(net.Inbox.Take(Topic.Share, 60), 0, 1, payload, 0);
        var (here, there) = (net.Coordinator.Bytes, worker.Bytes);
        Assert.Equal((Length, Length), (here.PayloadSent, here.PayloadReceived));
        Assert.Equal((Length, Length), (there.PayloadSent, there.PayloadReceived));
        var chunks = (Length + FrameHeader.ChunkBytes - 1) / FrameHeader.ChunkBytes;
        Assert.Equal(chunks, net.Frames.Count(f => f is { Sent: true, Type: FrameType.Model, Peer: 0 }));
        Assert.Equal(Length + (chunks * 96L), net.Frames.Where(f => f is { Sent: false, Type: FrameType.Share }).Sum(f => f.Bytes));
    }

    [Fact]
    public async Task Reader_that_does_not_take_makes_the_sender_wait_and_models_are_replaced()
    {
        await using var net = new Net(queueBytes: 1 << 20);
        var (_, inbox) = net.Join(0);
        inbox.Pending = long.MaxValue;
        var waiting = Task.CompletedTask;
        var sent = 0;
        for (; sent < 200 && waiting.IsCompleted; sent++)
        {
            waiting = SendAsync(net.Coordinator, 0, Topic.Mix, sent, new byte[1 << 19], 0);
            await Task.WhenAny(waiting, Task.Delay(200));
        }

        Assert.False(waiting.IsCompleted, "the sender never waited");
        for (var round = 0; round < 50; round++)
        {
            // Never waits, however slow the reader is: only the newest is kept.
            Assert.True(SendAsync(net.Coordinator, 0, Topic.Model, round, new byte[1 << 19], -1).IsCompletedSuccessfully);
        }

        Assert.True(net.Coordinator.Pool.BytesHeld < 8 << 20, $"{net.Coordinator.Pool.BytesHeld} bytes held");
        inbox.Pending = 0;
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        var mixes = new List<long>();
        var models = new List<long>();
        while (mixes.Count < sent || models is [] || models[^1] != 49)
        {
            var message = inbox.TakeAny();
            (message.Topic == Topic.Mix ? mixes : models).Add(message.Round);
            message.Payload!.Dispose();
        }

        Assert.Equal(Enumerable.Range(0, sent).Select(i => (long)i), mixes);
        Assert.Equal([49], models);
    }

    [Fact]
    public async Task Peer_that_disappears_is_lost_once_and_at_once_and_may_come_again_as_a_new_session()
    {
        await using var net = new Net();
        for (var life = 0; life < 5; life++)
        {
            var (worker, _) = net.Join(0);
            await SendAsync(worker, Slots.Coordinator, Topic.Done, life, [], 0);
            var clock = Stopwatch.StartNew();
            await worker.DisposeAsync();
            Assert.Equal(life, net.Inbox.Take(Topic.Done).Round);
            Assert.Equal(0, net.Inbox.Take(Topic.Lost).From);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"the loss was noticed after {clock.Elapsed}");

            // Nobody there: the message is swallowed.
            await SendAsync(net.Coordinator, 0, Topic.Plan, 1, [1], 0);
        }

        Assert.Equal(0, net.Inbox.Count);
        Assert.Equal(5, net.Frames.Where(f => f.Type == FrameType.Done).Select(f => f.Session).Distinct().Count());
        Assert.Equal(0, net.Coordinator.Pool.Outstanding);
    }

    [Fact]
    public async Task Workers_reach_each_other_even_when_both_dial_at_once()
    {
        await using var net = new Net(3);
        var workers = new[] { net.Join(0), net.Join(1), net.Join(2) };
        for (var round = 0; round < 20; round++)
        {
            // The roster travels beside; the first dial may come before it.
            var sends = from a in Enumerable.Range(0, 3)
                        from b in Enumerable.Range(0, 3)
                        where a != b
                        select Task.Run(() => SendWhenKnownAsync(workers[a].Transport, b, round));
            await Task.WhenAll(sends);
            foreach (var (transport, inbox) in workers)
            {
                var froms = new[] { inbox.Take(Topic.Mix), inbox.Take(Topic.Mix) }.Select(m =>
                {
                    Assert.Equal((round, transport.Id), (m.Round, m.To));
                    m.Payload!.Dispose();
                    return m.From;
                });
                Assert.Equal(Enumerable.Range(0, 3).Where(s => s != transport.Id), froms.Order());
            }
        }
    }

    [Fact]
    public async Task Events_of_workers_reach_the_coordinator_under_their_session_s_slot()
    {
        await using var net = new Net();
        var heard = new System.Collections.Concurrent.BlockingCollection<RunEvent>();
        net.Coordinator.Events = heard.Add;
        var (worker, _) = net.Join(1);
        for (var i = 0; i < 50; i++)
        {
            worker.Publish(new RunEvent(0, i, 3, Phase.Compute, TimeSpan.FromMilliseconds(i), TimeSpan.FromMilliseconds(i + 1), 0.5));
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.True(heard.TryTake(out var happened, TimeSpan.FromSeconds(5)));
            Assert.Equal(new RunEvent(1, i, 3, Phase.Compute, TimeSpan.FromMilliseconds(i), TimeSpan.FromMilliseconds(i + 1), 0.5), happened);
        }
    }

    [Fact]
    public void Port_in_use_is_an_operating_system_error_with_a_sentence()
    {
        using var other = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        other.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        other.Listen();
        var port = ((System.Net.IPEndPoint)other.LocalEndPoint!).Port;
        var error = Assert.Throws<OperatingSystemException>(() => new TcpTransport(new TcpTransportOptions
        {
            Id = Slots.Coordinator,
            Workers = 1,
            Secret = Net.Secret,
            SpecHash = "spec",
            NumericClass = "numbers",
            Limits = new Nodes.AnyLength(),
            Port = port,
        }));
        Assert.Equal(71, error.ExitCode);
        Assert.Contains($"port {port}", error.Message, StringComparison.Ordinal);
    }

    private static async Task SendWhenKnownAsync(TcpTransport from, int to, int round)
    {
        for (var tries = 0; !from.Knows(to); tries++)
        {
            Assert.True(tries < 2000, "no roster came");
            await Task.Delay(5);
        }

        await SendAsync(from, to, Topic.Mix, round, [1, 2, 3], 0);
    }

    private static async Task SendAsync(TcpTransport from, int to, Topic topic, long round, byte[] payload, int row)
    {
        using var lease = from.Pool.Lease(payload.Length);
        payload.CopyTo(lease.Span);
        await from.SendAsync(
            new Message { To = to, From = from.Id, Topic = topic, Round = round, Row = row, Codec = 2, Fingerprint = 77, Value = 0.25, Payload = payload.Length == 0 ? null : lease },
            CancellationToken.None);
    }

    private static void Check(in Message message, int from, long round, byte[] payload, int row)
    {
        Assert.Equal((from, round, row, (ushort)2, 77UL, 0.25), (message.From, message.Round, message.Row, message.Codec, message.Fingerprint, message.Value));
        Assert.True(payload.AsSpan().SequenceEqual(message.Payload is null ? default : message.Payload.Span));
        message.Payload?.Dispose();
    }
}
