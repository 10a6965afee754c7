using Sidestep.Runtime.Threads;

namespace Sidestep.Runtime.Tests.Nodes;

[Collection("alone")]
public sealed class ThreadsAllocationTests
{
    private const int Warm = 2_000, Trips = 10_000;

    private sealed record AnyLength : IPayloadLimits
    {
        public (int Least, int Most) For(Topic topic, int row) => (0, int.MaxValue);
    }

    [Fact]
    public async Task Round_trip_once_warm_allocates_nothing()
    {
        long allocated = 0;
        var fabric = new ThreadsFabric();
        var options = new FabricOptions { Workers = 1, Seed = 1, Limits = new AnyLength() };
        await fabric.RunAsync(
            options,
            async (node, stop) =>
            {
                (await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop))?.Dispose();
                for (var i = 0; i < Warm + Trips; i++)
                {
                    if (i == Warm)
                    {
                        allocated = GC.GetTotalAllocatedBytes(precise: true);
                    }

                    using (var payload = node.Lease(1000))
                    {
                        await node.SendAsync(new Message { To = 0, Topic = Topic.Model, Round = i, Payload = payload }, stop);
                    }

                    using var back = await node.ReceiveAsync(new Match(Topic.Share, i), TimeSpan.FromSeconds(10), stop);
                    node.Report(new RunEvent(0, i, 0, Phase.Share, default, default));
                }

                allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            },
            async (node, stop) =>
            {
                var work = new Action<int, CancellationToken>(static (_, _) => { });
                while (true)
                {
                    using var got = (await node.ReceiveAsync(new Match(Topic.Model | Topic.Stop), Timeout.InfiniteTimeSpan, stop))!.Value;
                    await node.ComputeAsync(new Work(got.Message.Round, 0, Work.PerPartition), 1, work, stop);
                    await node.SendAsync(got.Message with { To = Slots.Coordinator, Topic = Topic.Share }, stop);
                }
            },
            default);
        Assert.True(allocated < Trips, $"{allocated} bytes in {Trips} round trips");
        Assert.Equal(0, fabric.Pool.Outstanding);
    }
}
