namespace Sidestep.Testing;

public static partial class FabricConformance
{
    /// <summary>Messages of every length arrive with their bytes, in the order in which each sender sent them.</summary>
    public static Task Messages_arrive_whole_and_in_order(Func<IFabric> create)
    {
        const int Workers = 3, Each = 150;
        return Bench.RunAsync(
            create, Workers,
            async (node, stop) =>
            {
                var next = new int[Workers];
                for (var i = 0; i < Workers * Each; i++)
                {
                    using var got = await Bench.TakeAsync(node, Topic.Share, stop);
                    Bench.Equal(next[got.Message.From]++, got.Message.Row, "row of the next message");
                    Bench.CheckPattern(got.Message, Length(got.Message.Row));
                }
            },
            async (node, stop) =>
            {
                for (var row = 0; row < Each; row++)
                {
                    await Bench.SendAsync(
                        node, new Message { To = Slots.Coordinator, Topic = Topic.Share, Row = row }, Length(row), stop);
                }

                await Bench.TakeAsync(node, Topic.Stop, stop);
            });

        static int Length(int row) => row % 5 == 0 ? row : row * 37;
    }

    /// <summary>Workers send to each other without the coordinator.</summary>
    public static Task Workers_reach_each_other(Func<IFabric> create)
    {
        const int Workers = 4;
        return Bench.RunAsync(
            create, Workers,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, Workers, stop);
                for (var slot = 0; slot < Workers; slot++)
                {
                    await node.SendAsync(new Message { To = slot, Topic = Topic.Plan }, stop);
                }

                for (var slot = 0; slot < Workers; slot++)
                {
                    using var done = await Bench.TakeAsync(node, Topic.Done, stop);
                }
            },
            async (node, stop) =>
            {
                using var go = await Bench.TakeAsync(node, Topic.Plan, stop);
                for (var other = 0; other < Workers; other++)
                {
                    await Bench.SendAsync(node, new Message { To = other, Topic = Topic.Mix, Row = 5 }, 1000, stop);
                }

                for (var other = 0; other < Workers; other++)
                {
                    using var got = await Bench.TakeAsync(node, Topic.Mix, stop, from: other);
                    Bench.CheckPattern(got.Message, 1000);
                }

                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            });
    }

    /// <summary>One leased payload sent to everybody arrives everywhere, also when its owner gave it back at once.</summary>
    public static Task One_payload_reaches_everybody(Func<IFabric> create)
    {
        const int Workers = 5, Length = 10_000;
        return Bench.RunAsync(
            create, Workers,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, Workers, stop);
                using (var payload = node.Lease(Length))
                {
                    payload.Span.Fill(77);
                    for (var slot = 0; slot < Workers; slot++)
                    {
                        await node.SendAsync(new Message { To = slot, Topic = Topic.Model, Payload = payload }, stop);
                    }
                }

                for (var slot = 0; slot < Workers; slot++)
                {
                    using var done = await Bench.TakeAsync(node, Topic.Done, stop);
                }
            },
            async (node, stop) =>
            {
                using (var got = await Bench.TakeAsync(node, Topic.Model, stop))
                {
                    Bench.Equal(Length, got.Message.Payload?.Length ?? 0, "length of the payload");
                    Bench.True(got.Message.Payload!.Span.IndexOfAnyExcept((byte)77) < 0, "the payload was changed");
                }

                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            });
    }

    /// <summary>A reader that was busy finds the newest model only.</summary>
    public static Task Newer_model_replaces_one_not_taken(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            await Bench.JoinAsync(node, 1, stop);
            for (var round = 0; round < 10; round++)
            {
                await Bench.SendAsync(node, new Message { To = 0, Topic = Topic.Model, Round = round, Row = round }, 100, stop);
            }

            await node.SendAsync(new Message { To = 0, Topic = Topic.Plan }, stop);
            using var done = await Bench.TakeAsync(node, Topic.Done, stop);
        },
        async (node, stop) =>
        {
            using var plan = await Bench.TakeAsync(node, Topic.Plan, stop);
            using var model = await Bench.TakeAsync(node, Topic.Model, stop);
            Bench.Equal(9, model.Message.Round, "round of the model");
            Bench.True(await node.ReceiveAsync(new Match(Topic.Model), TimeSpan.Zero, stop) is null, "an older model was kept");
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
            await Bench.TakeAsync(node, Topic.Stop, stop);
        });

    /// <summary>A receive with a round drops older messages of its topics and no others.</summary>
    public static Task Receive_of_a_round_drops_older_ones(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            using var done = await Bench.TakeAsync(node, Topic.Done, stop);
            using (var share = await Bench.TakeAsync(node, Topic.Share, stop, round: 3))
            {
                Bench.Equal(3, share.Message.Round, "round of the share");
            }

            using (var later = await Bench.TakeAsync(node, Topic.Share, stop))
            {
                Bench.Equal(4, later.Message.Round, "round of the next share");
            }

            Bench.True(await node.ReceiveAsync(new Match(Topic.Share), TimeSpan.Zero, stop) is null, "a stale share was kept");
            using var other = await Bench.TakeAsync(node, Topic.Mix, stop);
            using var joined = await Bench.TakeAsync(node, Topic.Joined, stop, round: 100);
        },
        async (node, stop) =>
        {
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Mix, Round = 1 }, stop);
            for (var round = 1; round <= 4; round++)
            {
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Share, Round = round }, stop);
            }

            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
            await Bench.TakeAsync(node, Topic.Stop, stop);
        });

    /// <summary>A group's messages are seen in the group only, and the node's own outside only.</summary>
    public static Task Channels_do_not_mix(Func<IFabric> create) => Bench.RunAsync(
        create, 1,
        async (node, stop) =>
        {
            int[] members = [Slots.Coordinator, 0];
            using var outside = await Bench.TakeAsync(node, Topic.Mix, stop);
            Bench.Equal(2, outside.Message.Row, "row of the message outside the group");
            using var inside = await Bench.TakeAsync(node.Within(members, 7), Topic.Mix, stop);
            Bench.Equal(1, inside.Message.Row, "row of the group's message");
            Bench.True(
                await node.Within(members, 8).ReceiveAsync(new Match(Topic.Mix), TimeSpan.Zero, stop) is null, "another group saw it");
        },
        async (node, stop) =>
        {
            var group = node.Within(new[] { Slots.Coordinator, 0 }, 7);
            await group.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Mix, Row = 1 }, stop);
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Mix, Row = 2 }, stop);
            await Bench.TakeAsync(node, Topic.Stop, stop);
        });

    /// <summary>A payload of 100 MB arrives whole.</summary>
    public static Task Hundred_megabytes_arrive(Func<IFabric> create)
    {
        const int Length = 100_000_000;
        return Bench.RunAsync(
            create, 1,
            async (node, stop) =>
            {
                using var got = await Bench.TakeAsync(node, Topic.Share, stop);
                Bench.CheckPattern(got.Message, Length);
            },
            async (node, stop) =>
            {
                await Bench.SendAsync(node, new Message { To = Slots.Coordinator, Topic = Topic.Share, Row = 1 }, Length, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            });
    }

    /// <summary>A sender waits when its reader does not take: at most 64 MB are under way, and everything arrives in the end.</summary>
    public static Task Slow_reader_makes_its_sender_wait(Func<IFabric> create)
    {
        const int Messages = 160, Length = 1_000_000, Bound = 64;
        var sent = 0;
        return Bench.RunAsync(
            create, 1,
            async (node, stop) =>
            {
                await Bench.PauseAsync(node, TimeSpan.FromMilliseconds(300), stop);
                for (var i = 0; i < Messages; i++)
                {
                    var ahead = Volatile.Read(ref sent) - i;
                    Bench.True(ahead <= Bound, $"{ahead} MB are under way to a reader that does not take");
                    using var got = await Bench.TakeAsync(node, Topic.Share, stop);
                    Bench.Equal(i, got.Message.Row, "row of the next message");
                }
            },
            async (node, stop) =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    await Bench.SendAsync(node, new Message { To = Slots.Coordinator, Topic = Topic.Share, Row = i }, Length, stop);
                    Volatile.Write(ref sent, i + 1);
                }

                await Bench.TakeAsync(node, Topic.Stop, stop);
            });
    }
}
