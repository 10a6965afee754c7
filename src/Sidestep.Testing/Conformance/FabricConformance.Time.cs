namespace Sidestep.Testing;

public static partial class FabricConformance
{
    /// <summary>A receive gives up after its timeout, not earlier; one with timeout zero looks only.</summary>
    public static Task Receive_times_out(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            var timeout = TimeSpan.FromMilliseconds(40);
            for (var i = 0; i < 3; i++)
            {
                var start = node.Time.GetTimestamp();
                Bench.True(await node.ReceiveAsync(new Match(Topic.Share), timeout, stop) is null, "something came from nobody");
                var took = node.Time.GetElapsedTime(start);
                Bench.True(took >= timeout, $"timed out after {took.TotalMilliseconds} ms");
            }

            Bench.True(await node.ReceiveAsync(new Match(Topic.Share), TimeSpan.Zero, stop) is null, "something came from nobody");
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop));

    /// <summary>A cancelled receive throws, loses nothing, and the node can go on.</summary>
    public static Task Receive_is_cancelled_and_the_node_goes_on(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            using var cancel = new CancellationTokenSource();
            var waiting = node.ReceiveAsync(new Match(Topic.Share), Timeout.InfiniteTimeSpan, cancel.Token);
            cancel.Cancel();
            Bench.True(await IsCancelled(waiting.AsTask()), "the receive was not cancelled");
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share }, stop);
            using var got = await Bench.TakeAsync(node, Topic.Share, stop);
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop));

    /// <summary>A worker's elapsed time lies between the coordinator's before it asked and after it heard, and events are on the same axis.</summary>
    /// <remarks>Between processes the origins agree up to the handshake's round trip only, which a busy machine may stretch.</remarks>
    public static async Task Clocks_have_one_origin(Func<IFabric> create)
    {
        var fabric = create();
        var slack = fabric.Name == "tcp" ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
        var computed = new List<RunEvent>();
        TimeSpan asked = default, heard = default;
        await Bench.RunAsync(
            fabric, 1,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, 1, stop);
                asked = node.Elapsed;
                await node.SendAsync(new Message { To = 0, Topic = Topic.Ask, Row = 0 }, stop);
                using var answer = await Bench.TakeAsync(node, Topic.Share, stop);
                heard = node.Elapsed;
                var said = TimeSpan.FromTicks((long)answer.Message.Value);
                Bench.True(said >= asked - slack && said <= heard + slack, $"the worker said {said}, asked at {asked} and heard at {heard}");
                while (computed.Count == 0)
                {
                    await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(10), stop);
                }
            },
            async (node, stop) =>
            {
                using var ask = await Bench.TakeAsync(node, Topic.Ask, stop);
                await node.ComputeAsync(new Work(0, 0, 3 * Work.PerPartition), 0, static (_, _) => { }, stop);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Row = 0, Value = node.Elapsed.Ticks }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with
            {
                Listener = happened =>
                {
                    if (happened.Phase == Phase.Compute)
                    {
                        computed.Add(happened);
                    }
                },
            });
        Bench.True(computed[0].Start >= asked - slack && computed[0].End <= heard + slack, $"computed from {computed[0].Start} to {computed[0].End}, asked at {asked} and heard at {heard}");
        Bench.Equal(3d, computed[0].Value, "cost of the computation in partitions");
    }

    /// <summary>When the coordinator's program ends, every worker's program is ended before the run returns.</summary>
    public static async Task End_of_the_coordinator_ends_every_worker(Func<IFabric> create)
    {
        const int Workers = 4;
        int started = 0, ended = 0;
        await Bench.RunAsync(
            create, Workers,
            (node, stop) => Bench.JoinAsync(node, Workers, stop),
            async (node, stop) =>
            {
                Interlocked.Increment(ref started);
                try
                {
                    await Bench.TakeAsync(node, Topic.Stop, stop);
                }
                finally
                {
                    Interlocked.Increment(ref ended);
                }
            });
        Bench.Equal(started, ended, "number of programs that ended");
    }

    /// <summary>The end of a session also ends what its program awaits without the token, and everything it awaits afterwards.</summary>
    public static async Task End_reaches_programs_that_pass_no_token(Func<IFabric> create)
    {
        var ended = 0;
        await Bench.RunAsync(
            create, 2,
            (node, stop) => Bench.JoinAsync(node, 2, stop),
            async (node, _) =>
            {
                var first = node.Id == 0
                    ? node.ReceiveAsync(new Match(Topic.Stop), Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask()
                    : node.ComputeAsync(new Work(0, 0, Work.PerPartition), 0, Nothing, CancellationToken.None).AsTask();
                Bench.True(await IsCancelled(first), "the await was not cancelled");
                Bench.True(
                    await IsCancelled(node.ReceiveAsync(new Match(Topic.Stop), Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask()),
                    "a receive after the end was not cancelled");
                Bench.True(
                    await IsCancelled(node.ComputeAsync(new Work(0, 1, 0), 0, Nothing, CancellationToken.None).AsTask()),
                    "a computation after the end was not cancelled");
                Interlocked.Increment(ref ended);
            },
            options => options with { Compute = new ComputeModel(TimeSpan.FromHours(1)) });
        Bench.Equal(2, ended, "number of programs that ended");
    }

    /// <summary>Cancelling the run cancels every program and comes out of the run.</summary>
    public static async Task Cancellation_ends_every_node(Func<IFabric> create)
    {
        const int Workers = 3;
        int started = 0, ended = 0;
        using var cancel = new CancellationTokenSource();
        NodeProgram program = async (node, stop) =>
        {
            Interlocked.Increment(ref started);
            try
            {
                if (node.Id == Slots.Coordinator)
                {
                    await Bench.JoinAsync(node, Workers, stop);
                    cancel.Cancel();
                }

                await Bench.TakeAsync(node, Topic.Stop, stop);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        };
        Bench.True(
            await IsCancelled(Bench.RunAsync(create, Workers, program, program, stop: cancel.Token)), "the run was not cancelled");
        Bench.Equal(started, ended, "number of programs that ended");
    }

    /// <summary>An exception of the coordinator's program comes out of the run as it is.</summary>
    public static async Task Failure_of_the_coordinator_comes_out(Func<IFabric> create)
    {
        try
        {
            await Bench.RunAsync(
                create, 2,
                async (node, stop) =>
                {
                    await Bench.JoinAsync(node, 2, stop);
                    throw new DataException("broken on purpose");
                },
                async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop));
        }
        catch (DataException)
        {
            return;
        }

        throw new ConformanceException("the coordinator's exception was swallowed");
    }

    /// <summary>Events of all nodes reach the listener, never two at a time.</summary>
    public static async Task Events_are_heard_one_at_a_time(Func<IFabric> create)
    {
        const int Workers = 3, Each = 50;
        int inside = 0, heard = 0;
        var overlap = false;
        await Bench.RunAsync(
            create, Workers,
            async (node, stop) =>
            {
                ReportMany(node);
                for (var i = 0; i < Workers; i++)
                {
                    using var done = await Bench.TakeAsync(node, Topic.Done, stop);
                }

                for (var i = 0; i < 100 && Volatile.Read(ref heard) < (Workers + 1) * Each; i++)
                {
                    await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(50), stop);
                }
            },
            async (node, stop) =>
            {
                ReportMany(node);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with { Listener = Listen });
        Bench.True(!overlap, "two events were heard at the same time");
        Bench.Equal((Workers + 1) * Each, heard, "number of events heard");

        void Listen(RunEvent happened)
        {
            overlap |= Interlocked.Exchange(ref inside, 1) != 0;
            Thread.SpinWait(200);
            heard += happened.Phase == Phase.Share ? 1 : 0;
            Volatile.Write(ref inside, 0);
        }

        static void ReportMany(INode node)
        {
            for (var i = 0; i < Each; i++)
            {
                node.Report(new RunEvent(node.Id, i, -1, Phase.Share, default, default));
            }
        }
    }

    private static async Task<bool> IsCancelled(Task task)
    {
        try
        {
            await task;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
