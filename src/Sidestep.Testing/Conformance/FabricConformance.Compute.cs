using System.Collections.Immutable;

namespace Sidestep.Testing;

public static partial class FabricConformance
{
    private static readonly Action<int, CancellationToken> Nothing = static (_, _) => { };

    /// <summary>Weather delays the first computation of a round and no other, and is reported.</summary>
    public static async Task Weather_delays_a_round_once(Func<IFabric> create)
    {
        var delay = TimeSpan.FromMilliseconds(60);
        var slow = ImmutableSortedDictionary<int, LatencyModel>.Empty.Add(0, new ConstantLatency(delay));
        var events = new List<RunEvent>();
        await Bench.RunAsync(
            create, 2,
            async (node, stop) =>
            {
                for (var i = 0; i < 2; i++)
                {
                    using var done = await Bench.TakeAsync(node, Topic.Done, stop);
                }

                for (var i = 0; i < 100 && events.Count(e => e.Phase == Phase.Compute) < 8; i++)
                {
                    await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(20), stop);
                }
            },
            async (node, stop) =>
            {
                for (var i = 0; i < 4; i++)
                {
                    var start = node.Time.GetTimestamp();
                    await node.ComputeAsync(new Work(i / 2, i, 0), 0, Nothing, stop);
                    var took = node.Time.GetElapsedTime(start);
                    Bench.True(node.Id != 0 || i % 2 != 0 || took >= delay, $"weather took {took.TotalMilliseconds} ms");
                }

                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with { Weather = new Weather(slow, []), Listener = events.Add });
        var weather = events.Where(e => e.Phase == Phase.Weather).ToArray();
        Bench.Equal(2, weather.Length, "number of delays");
        Bench.True(weather.All(e => e.Slot == 0 && e.End - e.Start >= delay), "a delay is another slot's or too short");
        Bench.Equal(8, events.Count(e => e.Phase == Phase.Compute), "number of computations reported");
    }

    /// <summary>Emulated compute holds the lane for its time, and the real work is done.</summary>
    public static Task Emulated_compute_takes_at_least_its_time(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            var done = new bool[1];
            var start = node.Time.GetTimestamp();
            await node.ComputeAsync(new Work(0, 0, 5 * Work.PerPartition / 2), done, static (d, _) => d[0] = true, stop);
            var took = node.Time.GetElapsedTime(start);
            Bench.True(took >= TimeSpan.FromMilliseconds(50), $"2.5 partitions of 20 ms took {took.TotalMilliseconds} ms");
            Bench.True(done[0], "the work was not done");
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop),
        options => options with { Compute = new ComputeModel(TimeSpan.FromMilliseconds(20)) });

    /// <summary>Computations run one at a time in their order, and the node receives meanwhile.</summary>
    public static Task Compute_is_one_at_a_time_beside_receiving(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            var order = new List<int>();
            var jobs = new Task[3];
            for (var i = 0; i < jobs.Length; i++)
            {
                var row = i;
                jobs[i] = node.ComputeAsync(new Work(0, row, Work.PerPartition), order, (o, _) => o.Add(row), stop).AsTask();
            }

            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share }, stop);
            using var got = await Bench.TakeAsync(node, Topic.Share, stop);
            Bench.True(!jobs[2].IsCompleted, "receiving waited for the lane");
            await Task.WhenAll(jobs);
            Bench.Equal("0 1 2", string.Join(' ', order), "order of the computations");
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop),
        options => options with { Compute = new ComputeModel(TimeSpan.FromMilliseconds(40)) });

    /// <summary>What a computation throws is thrown where it is awaited, and the lane goes on.</summary>
    public static Task Failure_of_a_computation_comes_back(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            try
            {
                await node.ComputeAsync(new Work(0, 0, 0), 0, static (_, _) => throw new DataException("on purpose"), stop);
            }
            catch (DataException)
            {
                await node.ComputeAsync(new Work(0, 0, 0), 0, Nothing, stop);
                return;
            }

            throw new ConformanceException("the exception of a computation was swallowed");
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop));

    /// <summary>A computation that nobody needs any more ends at once, emulated or held up by weather.</summary>
    public static Task Cancelled_computation_frees_the_lane(Func<IFabric> create)
    {
        var slow = ImmutableSortedDictionary<int, LatencyModel>.Empty.Add(0, new ConstantLatency(TimeSpan.FromHours(1)));
        return Bench.RunAsync(
            create, 1,
            async (node, stop) =>
            {
                await LongAsync(node, stop);
                using var done = await Bench.TakeAsync(node, Topic.Done, stop);
            },
            async (node, stop) =>
            {
                await LongAsync(node, stop);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with
            {
                Compute = new ComputeModel(TimeSpan.FromHours(1)),
                Weather = new Weather(slow, []),
            });

        static async Task LongAsync(INode node, CancellationToken stop)
        {
            using var enough = new CancellationTokenSource();
            var start = node.Time.GetTimestamp();
            var first = node.ComputeAsync(new Work(0, 0, Work.PerPartition), 0, Nothing, enough.Token).AsTask();
            var second = node.ComputeAsync(new Work(0, 1, 0), 0, Nothing, stop).AsTask();
            await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(20), stop);
            enough.Cancel();
            Bench.True(await IsCancelled(first), "the computation was not cancelled");
            await second;
            var took = node.Time.GetElapsedTime(start);
            Bench.True(took < TimeSpan.FromMinutes(1), $"the lane was held for {took}");
        }
    }
}
