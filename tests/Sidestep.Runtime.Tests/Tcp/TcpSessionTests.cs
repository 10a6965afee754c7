using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sidestep.Runtime.Tests.Tcp;

[Collection("alone")]
public sealed class TcpSessionTests
{
    [Fact]
    public async Task Peer_that_disappears_is_lost_within_a_second_and_its_slot_is_free()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(1);
        using var proxy = new RecordingProxy(run.Transport.EndPoint);
        var worker = await run.Joined(0, proxy.EndPoint);
        await run.Trip(0, 1, bytes: 5 << 20);

        var cut = Stopwatch.GetTimestamp();
        proxy.Cut();
        Assert.Equal(0, (await run.Next(Topic.Lost)).From);
        Assert.InRange(Stopwatch.GetElapsedTime(cut), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(TcpWorker.CoordinatorLost, await worker);
        await run.Send(0, 2);
        await run.Joined(0);
        await run.Trip(0, 3);
        await run.Trip(1, 3);
        Assert.Empty(run.Rejected);
    }

    [Fact]
    public async Task Damage_on_the_way_ends_the_session_and_nothing_else()
    {
        await using var run = new TestCoordinator(2);
        await run.Joined(1);
        using var proxy = new RecordingProxy(run.Transport.EndPoint);
        var worker = await run.Joined(0, proxy.EndPoint);
        await run.Trip(0, 1);

        // Whatever comes first, a share or a heartbeat, is damaged.
        proxy.Damage();
        await run.Send(0, 2);
        Assert.Equal(0, (await run.Next(Topic.Lost)).From);
        await run.IsRejected(0, RejectCode.HeaderChecksum);
        Assert.Equal(TcpWorker.CoordinatorLost, await worker);
        await run.Trip(1, 2);
        await run.Joined(0);
        await run.Trip(0, 3);
    }

    [Fact]
    public async Task Port_in_use_is_named()
    {
        await using var run = new TestCoordinator(1);
        var port = run.Transport.EndPoint.Port;
        var options = new TcpTransportOptions
        {
            Id = Slots.Coordinator,
            Workers = 1,
            Secret = TestCoordinator.Secret,
            SpecHash = "spec",
            NumericClass = "managed-1",
            Limits = new Nodes.AnyLength(),
            Port = port,
        };
        var refused = Assert.Throws<OperatingSystemException>(() => new TcpTransport(options));
        Assert.Equal(71, refused.ExitCode);
        Assert.Contains($"port {port} ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coordinator_that_is_not_there_is_named()
    {
        await using var run = new TestCoordinator(1);
        var nobody = run.Transport.EndPoint;
        await run.Transport.DisposeAsync();
        var refused = await Assert.ThrowsAsync<OperatingSystemException>(() => run.Worker(0, at: nobody));
        Assert.Equal(71, refused.ExitCode);
        Assert.Contains(nobody.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capture_sees_each_rounds_model_and_share_once_per_session()
    {
        var frames = new ConcurrentQueue<CapturedFrame>();
        await using var run = new TestCoordinator(2, frames.Enqueue);
        using var stop = new CancellationTokenSource();
        await run.Joined(0, stop: stop.Token);
        await run.Joined(1);
        for (var round = 1L; round <= 4; round++)
        {
            await run.Trip(0, round);
            await run.Trip(1, round);
        }

        await stop.CancelAsync();
        await run.Next(Topic.Lost);
        await run.Joined(0);
        await run.Trip(0, 4);

        var seen = frames.Where(f => f.Type is FrameType.Model or FrameType.Share).ToArray();
        Assert.Equal(2 * ((4 * 2) + 1), seen.Length);
        Assert.Equal(seen.Length, seen.DistinctBy(f => (f.Type, f.Peer, f.Session, f.Round)).Count());
        Assert.Equal(3, seen.DistinctBy(f => f.Session).Count());
        Assert.All(seen, f => Assert.Equal((f.Type == FrameType.Model, FrameHeader.Bytes + DataHeader.Bytes + 100L), (f.Sent, f.Bytes)));
    }
}
