using System.Collections.Immutable;
using Sidestep.Simulation;
using Sidestep.Testing;

namespace Sidestep.Runtime.Tests.Nodes;

public sealed class SimFabricTests
{
    [Fact]
    public async Task Same_seed_same_trace_other_seed_other_trace()
    {
        var (first, second, third) = (await TraceAsync(7), await TraceAsync(7), await TraceAsync(8));
        Assert.Equal(64, first.Length);
        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public async Task Trace_of_a_seed_is_golden() => Assert.Equal("9000622e1ad76c33", (await TraceAsync(7))[..16]);

    [Fact]
    public async Task Same_seed_same_trace_through_deaths_and_respawns()
    {
        for (var seed = 0UL; seed < 10; seed++)
        {
            SimFabric first = new(), second = new();
            await FabricConformance.Deaths_at_random_never_deadlock(first, seed);
            await FabricConformance.Deaths_at_random_never_deadlock(second, seed);
            Assert.Equal((first.TraceHash, first.Elapsed), (second.TraceHash, second.Elapsed));
        }
    }

    [Fact]
    public async Task Deadlock_says_who_waits_for_what_and_gives_payloads_back()
    {
        var fabric = new SimFabric();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => fabric.RunAsync(
            Any(2),
            async (node, stop) => await node.ReceiveAsync(new Match(Topic.Share, 5, From: 1), Timeout.InfiniteTimeSpan, stop),
            async (node, stop) =>
            {
                using var payload = node.Lease(10);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Mix, Payload = payload }, stop);
                await node.ReceiveAsync(new Match(Topic.Model | Topic.Stop), Timeout.InfiniteTimeSpan, stop);
            },
            default));
        Assert.Contains("deadlock", error.Message, StringComparison.Ordinal);
        Assert.Contains("coordinator waits for Share of round 5 from slot 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("slot 0 waits for Model, Stop", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fabric.Pool.Outstanding);
    }

    [Fact]
    public async Task Virtual_hours_pass_at_once_and_framework_timers_follow()
    {
        var fabric = new SimFabric();
        await fabric.RunAsync(
            Any(1),
            async (node, stop) =>
            {
                var start = node.Time.GetTimestamp();
                await Task.Delay(TimeSpan.FromHours(2), node.Time, stop);
                Assert.Equal(TimeSpan.FromHours(2), node.Time.GetElapsedTime(start));
                using var timeout = new CancellationTokenSource(TimeSpan.FromHours(1), node.Time);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(
                    async () => await node.ReceiveAsync(new Match(Topic.Mix), Timeout.InfiniteTimeSpan, timeout.Token));
            },
            WaitForStop,
            default);
        Assert.Equal(TimeSpan.FromHours(3), fabric.Elapsed);
    }

    [Fact]
    public async Task Times_are_those_of_the_model()
    {
        var fabric = new SimFabric();
        var events = new List<RunEvent>();
        var slow = ImmutableSortedDictionary<int, LatencyModel>.Empty.Add(0, new ConstantLatency(TimeSpan.FromMilliseconds(3)));
        await fabric.RunAsync(
            Any(1) with { Weather = new Weather(slow, []), Listener = events.Add },
            async (node, stop) =>
            {
                using var share = await node.ReceiveAsync(new Match(Topic.Share), Timeout.InfiniteTimeSpan, stop);

                // Weather 3 ms, half a partition of 10 ms, 100 µs of latency, 1,000,000 + 96 bytes at 1 GB/s.
                Assert.Equal(3_000 + 5_000 + 100 + 1_000, node.Time.GetElapsedTime(0).TotalMicroseconds, 0.5);
            },
            async (node, stop) =>
            {
                await node.ComputeAsync(new Work(1, 0, Work.PerPartition / 2), 0, static (_, _) => { }, stop);
                using var payload = node.Lease(1_000_000);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Payload = payload }, stop);
                await WaitForStop(node, stop);
            },
            default);
        Assert.Equal(
            [new RunEvent(0, 1, 0, Phase.Weather, default, TimeSpan.FromMilliseconds(3)),
             new RunEvent(0, 1, 0, Phase.Compute, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(8), 0.5)],
            events);
        Assert.Equal(new FabricBytes(0, 1_000_000, 0, 1_000_096), fabric.Bytes);
    }

    [Fact]
    public async Task Respawn_takes_half_a_second_and_the_pause()
    {
        var fabric = new SimFabric();
        await fabric.RunAsync(
            Any(1) with { Respawn = TimeSpan.FromSeconds(2) },
            async (node, stop) =>
            {
                using var joined = await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
                var start = node.Time.GetTimestamp();
                fabric.Kill(0);
                using var again = await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
                Assert.Equal(2_500.1, node.Time.GetElapsedTime(start).TotalMilliseconds, 0.01);
            },
            WaitForStop,
            default);
    }

    [Fact]
    public async Task Worker_failure_comes_out_of_the_run()
    {
        var fabric = new SimFabric();
        await Assert.ThrowsAsync<DataException>(() => fabric.RunAsync(
            Any(2), WaitForStop, (node, _) => node.Id == 1 ? throw new DataException("on purpose") : Task.Delay(0), default));
    }

    [Fact]
    public async Task Node_that_ignores_its_end_is_named()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => new SimFabric().RunAsync(
            Any(1),
            (_, _) => Task.CompletedTask,
            async (node, _) =>
            {
                while (true)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), node.Time, default);
                }
            },
            default));
        Assert.Contains("slot 0", error.Message, StringComparison.Ordinal);
    }

    private static FabricOptions Any(int workers) => new() { Workers = workers, Seed = 3, Limits = new AnyLength() };

    private static async Task WaitForStop(INode node, CancellationToken stop) =>
        await node.ReceiveAsync(new Match(Topic.Stop), Timeout.InfiniteTimeSpan, stop);

    private static async Task<string> TraceAsync(ulong seed)
    {
        const int Workers = 5;
        var fabric = new SimFabric();
        await fabric.RunAsync(
            Any(Workers) with { Seed = seed },
            async (node, stop) =>
            {
                for (var i = 0; i < 10 * Workers; i++)
                {
                    using var share = await node.ReceiveAsync(new Match(Topic.Share), Timeout.InfiniteTimeSpan, stop);
                    node.Report(new RunEvent(share!.Value.Message.From, i, -1, Phase.Share, default, default));
                }
            },
            async (node, stop) =>
            {
                for (var row = 0; row < 10; row++)
                {
                    using var payload = node.Lease(100);
                    payload.Span.Fill((byte)row);
                    await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Row = row, Payload = payload }, stop);
                }

                await WaitForStop(node, stop);
            },
            default);
        return fabric.TraceHash;
    }
}
