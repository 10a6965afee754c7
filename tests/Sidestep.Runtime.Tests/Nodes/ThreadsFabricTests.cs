using Sidestep.Runtime.Threads;

namespace Sidestep.Runtime.Tests.Nodes;

[Collection("alone")]
public sealed class ThreadsFabricTests
{
    [Fact]
    public async Task Worker_failure_comes_out_of_the_run()
    {
        await Assert.ThrowsAsync<DataException>(() => new ThreadsFabric().RunAsync(
            Any(2), WaitForStop, (node, _) => node.Id == 1 ? throw new DataException("on purpose") : Task.Delay(0), default));
    }

    [Fact]
    public async Task Worker_that_returns_is_lost_and_not_respawned()
    {
        var started = 0;
        await new ThreadsFabric().RunAsync(
            Any(1),
            async (node, stop) =>
            {
                using var joined = await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
                using var done = await node.ReceiveAsync(new Match(Topic.Done), Timeout.InfiniteTimeSpan, stop);
                using var lost = await node.ReceiveAsync(new Match(Topic.Lost), Timeout.InfiniteTimeSpan, stop);
                Assert.Null(await node.ReceiveAsync(new Match(Topic.Joined), TimeSpan.FromMilliseconds(50), stop));
            },
            async (node, stop) =>
            {
                Interlocked.Increment(ref started);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
            },
            default);
        Assert.Equal(1, started);
    }

    [Fact]
    public async Task Bytes_are_counted_as_on_the_wire()
    {
        const int Length = (4 << 20) + 1;
        var fabric = new ThreadsFabric();
        await fabric.RunAsync(
            Any(1),
            async (node, stop) =>
            {
                using var joined = await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
                await node.SendAsync(new Message { To = 0, Topic = Topic.Plan }, stop);
                using var share = await node.ReceiveAsync(new Match(Topic.Share), Timeout.InfiniteTimeSpan, stop);
            },
            async (node, stop) =>
            {
                using var plan = await node.ReceiveAsync(new Match(Topic.Plan), Timeout.InfiniteTimeSpan, stop);
                using var payload = node.Lease(Length);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Payload = payload }, stop);
                await WaitForStop(node, stop);
            },
            default);
        Assert.Equal(new FabricBytes(0, Length, 64, Length + (2 * 96)), fabric.Bytes);
    }

    [Fact]
    public async Task Everything_behind_a_node_runs_on_its_pump()
    {
        var strays = 0;
        NodeProgram program = async (node, stop) =>
        {
            var pump = Environment.CurrentManagedThreadId;
            await node.SendAsync(new Message { To = node.Id, Topic = Topic.Mix }, stop);
            using var got = await node.ReceiveAsync(new Match(Topic.Mix), Timeout.InfiniteTimeSpan, stop);
            Check();
            await node.ComputeAsync(new Work(0, 0, 0), 0, static (_, _) => { }, stop);
            Check();
            await node.ReceiveAsync(new Match(Topic.Share), TimeSpan.FromMilliseconds(1), stop);
            Check();
            await Task.Delay(1, stop);
            Check();

            void Check() => Interlocked.Add(ref strays, Environment.CurrentManagedThreadId == pump ? 0 : 1);
        };
        await new ThreadsFabric().RunAsync(Any(2), program, program, default);
        Assert.Equal(0, strays);
    }

    [Fact]
    public async Task Second_run_at_the_same_time_is_refused()
    {
        var fabric = new ThreadsFabric();
        await fabric.RunAsync(
            Any(0),
            async (_, _) => await Assert.ThrowsAsync<InvalidOperationException>(
                () => fabric.RunAsync(Any(0), WaitForStop, WaitForStop, default)),
            WaitForStop,
            default);
        await fabric.RunAsync(Any(0), (_, _) => Task.CompletedTask, WaitForStop, default);
    }

    private static FabricOptions Any(int workers) => new() { Workers = workers, Seed = 3, Limits = new AnyLength() };

    private static async Task WaitForStop(INode node, CancellationToken stop) =>
        await node.ReceiveAsync(new Match(Topic.Stop), Timeout.InfiniteTimeSpan, stop);
}
