using Sidestep.Simulation;
using Sidestep.Testing;

namespace Sidestep.Runtime.Tests.Nodes;

public sealed class DecoratedNodeTests
{
    [Fact]
    public async Task Recording_holds_every_deed_in_order()
    {
        var log = new List<Recorded>();
        await RunAsync(new SimFabric(), worker: node => new RecordingNode(node, log));
        Assert.Equal([Deed.Received, Deed.Computed, Deed.Reported, Deed.Sent], log.Take(4).Select(r => r.Deed));
        Assert.Equal(8, log[3].Bytes);
        Assert.Null(log[0].Message.Payload);
    }

    [Fact]
    public async Task Slow_node_takes_longer_by_its_latency()
    {
        SimFabric plain = new(), slow = new();
        await RunAsync(plain);
        await RunAsync(slow, worker: node => new SlowNode(node, new ConstantLatency(TimeSpan.FromSeconds(1))));
        Assert.Equal(TimeSpan.FromSeconds(3), slow.Elapsed - plain.Elapsed);
    }

    [Fact]
    public async Task Liar_changes_what_arrives_and_not_what_is_sent()
    {
        var heard = new List<float>();
        await RunAsync(new SimFabric(), heard, worker: node => new LiarNode(node, Topic.Share, LiarNode.FlipSigns));
        Assert.Equal([-1f, -2f, -3f], heard);
    }

    [Fact]
    public async Task Crash_at_every_operation_ends_the_run_all_the_same()
    {
        for (var after = 0; after < 10; after++)
        {
            var (fabric, heard, crashed) = (new SimFabric(), new List<float>(), false);
            await RunAsync(fabric, heard, worker: node =>
            {
                var first = !crashed;
                crashed = true;
                return first ? new CrashingNode(node, after, fabric.Kill) : node;
            });
            Assert.Equal([1f, 2f, 3f], heard);
            Assert.Equal(0, fabric.Pool.Outstanding);
        }
    }

    // Three rounds of model and share with one worker that may die.
    private static Task RunAsync(SimFabric fabric, List<float>? heard = null, Func<INode, INode>? worker = null) => fabric.RunAsync(
        new FabricOptions { Workers = 1, Seed = 1, Limits = new AnyLength() },
        async (node, stop) =>
        {
            for (var round = 0L; round < 3;)
            {
                using var got = await node.ReceiveAsync(
                    new Match(Topic.Joined | Topic.Share), Timeout.InfiniteTimeSpan, stop);
                if (got!.Value.Message.Topic == Topic.Share)
                {
                    heard?.Add(BitConverter.ToSingle(got.Value.Message.Payload!.Span));
                    round++;
                }

                await node.SendAsync(new Message { To = 0, Topic = Topic.Model, Round = round }, stop);
            }
        },
        (node, stop) => FollowAsync(worker?.Invoke(node) ?? node, stop),
        default);

    private static async Task FollowAsync(INode node, CancellationToken stop)
    {
        while (true)
        {
            using var model = await node.ReceiveAsync(new Match(Topic.Model), Timeout.InfiniteTimeSpan, stop);
            var round = model!.Value.Message.Round;
            using var payload = node.Lease(8);
            await node.ComputeAsync(
                new Work(round, 0, Work.PerPartition), (payload, round),
                static (s, _) => BitConverter.TryWriteBytes(s.payload.Span, s.round + 1f), stop);
            node.Report(new RunEvent(node.Id, round, 0, Phase.Share, default, default));
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Round = round, Payload = payload }, stop);
        }
    }
}
