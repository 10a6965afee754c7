using Sidestep.Runtime.Threads;

namespace Sidestep.Runtime.Tests.Nodes;

[Collection("alone")]
public sealed class ThreadsAllocationTests
{
    private const int Warm = 1_000, Trips = 10_000;

    [Fact]
    public Task Round_trip_once_warm_allocates_nothing() => RoundTripsAsync(Weather.None);

    [Fact]
    public Task Round_trip_over_slow_links_once_warm_allocates_nothing() => RoundTripsAsync(
        Weather.None with { Links = LinkWeather.None with { Every = new ConstantLatency(TimeSpan.FromMicroseconds(1)) } });

    private static async Task RoundTripsAsync(Weather weather)
    {
        var allocated = new Counter[3];
        var fabric = new ThreadsFabric();
        var options = new FabricOptions { Workers = 1, Seed = 1, Limits = new AnyLength(), Weather = weather, Listener = static _ => { } };
        await fabric.RunAsync(
            options,
            async (node, stop) =>
            {
                (await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop))?.Dispose();
                for (var i = 0; i < Warm + Trips; i++)
                {
                    allocated[0].Read(i);
                    using (var payload = node.Lease(1000))
                    {
                        await node.SendAsync(new Message { To = 0, Topic = Topic.Model, Round = i, Payload = payload }, stop);
                    }

                    using var back = await node.ReceiveAsync(new Match(Topic.Share, i), TimeSpan.FromSeconds(10), stop);
                    node.Report(new RunEvent(0, i, 0, Phase.Share, default, default));
                }

                allocated[0].Read(Warm + Trips);
            },
            async (node, stop) =>
            {
                var work = new Action<Counter[], CancellationToken>(static (counters, _) => counters[2].Read(counters[1].Trip));
                while (true)
                {
                    using var got = (await node.ReceiveAsync(new Match(Topic.Model | Topic.Stop), Timeout.InfiniteTimeSpan, stop))!.Value;
                    allocated[1].Read(got.Message.Round);
                    await node.ComputeAsync(new Work(got.Message.Round, 0, Work.PerPartition), allocated, work, stop);
                    await node.SendAsync(got.Message with { To = Slots.Coordinator, Topic = Topic.Share }, stop);
                }
            },
            default);
        // Not one byte a trip; a queue that grows once under load is not an allocation per trip.
        Assert.All(allocated, a => Assert.InRange(a.Bytes, 0, Trips - 1));
        Assert.Equal(0, fabric.Pool.Outstanding);
    }

    // Bytes the thread allocated between the trip after which all is warm and the last.
    private struct Counter
    {
        private long _start, _last;

        public long Trip { get; private set; }

        public readonly long Bytes => _last - _start;

        public void Read(long trip)
        {
            Trip = trip;
            _last = GC.GetAllocatedBytesForCurrentThread();
            if (trip == Warm)
            {
                _start = _last;
            }
        }
    }
}
