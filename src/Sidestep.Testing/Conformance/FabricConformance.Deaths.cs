using System.Collections.Immutable;

namespace Sidestep.Testing;

public static partial class FabricConformance
{
    /// <summary>After a death the coordinator hears Lost once, nothing of that session any more, then Joined and the new session.</summary>
    public static Task Killed_session_falls_silent_and_comes_back(Func<IFabric> create)
    {
        const Topic Any = Topic.Share | Topic.Joined | Topic.Lost;
        var sessions = 0;
        return Bench.RunAsync(
            create, 1,
            async (node, stop) =>
            {
                for (var life = 1; life <= 3; life++)
                {
                    await ExpectAsync(Topic.Joined);
                    var shares = 0;
                    while (true)
                    {
                        using var got = await Bench.TakeAsync(node, Any, stop);
                        if (got.Message.Topic == Topic.Lost)
                        {
                            break;
                        }

                        Bench.Equal(Topic.Share, got.Message.Topic, "topic of the next message");
                        Bench.Equal(life, (int)got.Message.Value, "session of a share");
                        if (++shares == 20)
                        {
                            node.Report(new RunEvent(0, life, -1, Phase.Model, default, default));
                        }
                    }
                }

                async Task ExpectAsync(Topic topic)
                {
                    using var got = await Bench.TakeAsync(node, Any, stop);
                    Bench.Equal(topic, got.Message.Topic, "topic of the next message");
                }
            },
            async (node, stop) =>
            {
                var session = Interlocked.Increment(ref sessions);
                while (true)
                {
                    await Bench.SendAsync(
                        node, new Message { To = Slots.Coordinator, Topic = Topic.Share, Value = session }, 100_000, stop);
                    await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(1), stop);
                }
            },
            options => options with { Weather = Killing((0, 1), (0, 2), (0, 3)) });
    }

    /// <summary>Without respawn a dead slot is lost once, stays away, and swallows what is sent to it.</summary>
    public static Task Killed_slot_without_respawn_stays_away(Func<IFabric> create) => Bench.RunAsync(
        create, 2,
        async (node, stop) =>
        {
            await Bench.JoinAsync(node, 2, stop);
            node.Report(new RunEvent(1, 0, -1, Phase.Model, default, default));
            using (var lost = await Bench.TakeAsync(node, Topic.Lost, stop))
            {
                Bench.Equal(1, lost.Message.From, "slot that was lost");
            }

            for (var i = 0; i < 40; i++)
            {
                await Bench.SendAsync(node, new Message { To = 1, Topic = Topic.Mix, Row = i }, 1_000_000, stop);
            }

            var more = await node.ReceiveAsync(new Match(Topic.Joined | Topic.Lost), TimeSpan.FromMilliseconds(200), stop);
            Bench.True(more is null, $"{more?.Message.Topic} of {more?.Message.From} was told");
        },
        async (node, stop) => await Bench.TakeAsync(node, Topic.Stop, stop),
        options => options with { Weather = Killing((1, 0)), Respawn = null });

    /// <summary>Rounds of model and share go on through deaths at random instants, whatever the seed.</summary>
    public static async Task Deaths_at_random_never_deadlock(Func<IFabric> create)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            await Deaths_at_random_never_deadlock(create(), seed);
        }
    }

    /// <summary>Rounds of model and share go on through deaths at random instants.</summary>
    /// <param name="fabric">The fabric.</param>
    /// <param name="seed">Decides who dies when.</param>
    public static Task Deaths_at_random_never_deadlock(IFabric fabric, ulong seed)
    {
        const int Workers = 4, Rounds = 12;
        var rng = new Rng(seed, Purpose.Test, 0, 0, 0);
        var kills = ImmutableArray.CreateBuilder<(int, long)>();
        for (var i = 0; i < 8; i++)
        {
            kills.Add((rng.Next(Workers), rng.Next(Rounds)));
        }

        return Bench.RunAsync(
            fabric, Workers, (node, stop) => CoordinateAsync(node, Workers, Rounds, stop), FollowAsync,
            options => options with
            {
                Seed = seed,
                Weather = Killing([.. kills]),
                Compute = new ComputeModel(TimeSpan.FromMilliseconds(1)),
            });
    }

    /// <summary>A message whose size its topic does not allow never arrives, is reported, and ends its sender's session.</summary>
    public static async Task Wrong_size_is_refused_and_ends_the_session(Func<IFabric> create)
    {
        var sessions = 0;
        var refused = 0;
        await Bench.RunAsync(
            create, 1,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, 1, stop);
                using (var next = await Bench.TakeAsync(node, Topic.Share | Topic.Lost, stop))
                {
                    Bench.Equal(Topic.Lost, next.Message.Topic, "topic after a message of a wrong size");
                }

                await Bench.JoinAsync(node, 1, stop);
                using var good = await Bench.TakeAsync(node, Topic.Share, stop);
                Bench.CheckPattern(good.Message, 100);
            },
            async (node, stop) =>
            {
                var length = Interlocked.Increment(ref sessions) == 1 ? 101 : 100;
                await Bench.SendAsync(node, new Message { To = Slots.Coordinator, Topic = Topic.Share }, length, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with
            {
                Limits = new HundredBytes(),
                Listener = e => refused += e.Phase == Phase.Rejected ? 1 : 0,
            });
        Bench.Equal(1, refused, "number of refusals reported");
    }

    /// <summary>After a run with deaths and messages nobody took, every payload was given back.</summary>
    /// <param name="create">A fresh fabric.</param>
    /// <param name="pools">The pools it leases from.</param>
    public static async Task Every_payload_is_given_back(Func<IFabric> create, Func<IFabric, IEnumerable<PayloadPool>> pools)
    {
        const int Workers = 3;
        var fabric = create();
        await Bench.RunAsync(
            fabric, Workers,
            async (node, stop) =>
            {
                await CoordinateAsync(node, Workers, 5, stop);
                for (var slot = 0; slot < Workers; slot++)
                {
                    await Bench.SendAsync(node, new Message { To = slot, Topic = Topic.Mix, Row = 0 }, 1000, stop);
                }
            },
            async (node, stop) =>
            {
                await Bench.SendAsync(node, new Message { To = Slots.Coordinator, Topic = Topic.State }, 1000, stop);
                await FollowAsync(node, stop);
            },
            options => options with { Weather = Killing((0, 1), (1, 2), (2, 2), (0, 3)) });
        foreach (var pool in pools(fabric))
        {
            Bench.Equal(0, pool.Outstanding, "number of payloads not given back");
        }
    }

    private static Weather Killing(params ImmutableArray<(int Slot, long Round)> kills) => Weather.None with { Kills = kills };

    private static async Task CoordinateAsync(INode node, int workers, int rounds, CancellationToken stop)
    {
        var present = new bool[workers];
        for (var round = 0L; round < rounds; round++)
        {
            var waiting = new HashSet<int>();
            for (var slot = 0; slot < workers; slot++)
            {
                if (present[slot])
                {
                    await AskAsync(slot);
                }
            }

            var shares = 0;
            while (shares < workers)
            {
                using var got = await Bench.TakeAsync(node, Topic.Share | Topic.Joined | Topic.Lost, stop);
                var from = got.Message.From;
                if (got.Message.Topic == Topic.Share)
                {
                    shares += got.Message.Round == round && waiting.Remove(from) ? 1 : 0;
                }
                else
                {
                    // A slot that dies after its share was counted has to answer again when it is back.
                    var pending = waiting.Remove(from);
                    var answered = present[from] && !pending && got.Message.Topic == Topic.Lost;
                    present[from] = got.Message.Topic == Topic.Joined;
                    shares -= answered ? 1 : 0;
                    if (present[from])
                    {
                        await AskAsync(from);
                    }
                }
            }

            async Task AskAsync(int slot)
            {
                waiting.Add(slot);
                await Bench.SendAsync(node, new Message { To = slot, Topic = Topic.Model, Round = round, Row = slot }, 5000, stop);
                node.Report(new RunEvent(slot, round, -1, Phase.Model, default, default));
            }
        }
    }

    private static async Task FollowAsync(INode node, CancellationToken stop)
    {
        while (true)
        {
            using var model = await Bench.TakeAsync(node, Topic.Model, stop);
            var round = model.Message.Round;
            await node.ComputeAsync(new Work(round, node.Id, Work.PerPartition), 0, Nothing, stop);
            await Bench.SendAsync(node, new Message { To = Slots.Coordinator, Topic = Topic.Share, Round = round }, 5000, stop);
        }
    }

    private sealed class HundredBytes : IPayloadLimits
    {
        public (int Least, int Most) For(Topic topic, int row) => topic == Topic.Share ? (100, 100) : (0, 0);
    }
}
