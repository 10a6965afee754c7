using System.Collections.Immutable;

namespace Sidestep.Testing;

public static partial class FabricConformance
{
    /// <summary>A message is under way for at least the latency of its link, and a link whose latencies differ from message to message stays in order.</summary>
    public static async Task Links_delay_every_message_and_stay_in_order(Func<IFabric> create)
    {
        const int Workers = 2, Messages = 20;
        var usual = TimeSpan.FromMilliseconds(20);
        var own = ImmutableSortedDictionary<int, LinkModel>.Empty.Add(
            1, new TwoStateLatency(new ConstantLatency(2 * usual), new ConstantLatency(usual), 0.5));
        var sent = new long[Workers, Messages];
        await Bench.RunAsync(
            create, Workers,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, Workers, stop);
                for (var i = 0; i < Messages; i++)
                {
                    for (var slot = 0; slot < Workers; slot++)
                    {
                        sent[slot, i] = node.Time.GetTimestamp();
                        await Bench.SendAsync(node, new Message { To = slot, Topic = Topic.State, Row = i }, 100 * i, stop);
                    }
                }

                for (var i = 0; i < Messages; i++)
                {
                    for (var slot = 0; slot < Workers; slot++)
                    {
                        using var got = await Bench.TakeAsync(node, Topic.Share, stop, from: slot);
                        Bench.Equal(i, got.Message.Row, "number of an answer");
                        var took = node.Time.GetElapsedTime(sent[slot, i]);
                        Bench.True(took >= 2 * usual, $"there and back took {took.TotalMilliseconds} ms");
                    }
                }
            },
            async (node, stop) =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    using var got = await Bench.TakeAsync(node, Topic.State, stop);
                    var took = node.Time.GetElapsedTime(sent[node.Id, i]);
                    Bench.Equal(i, got.Message.Row, "number of a message");
                    Bench.CheckPattern(got.Message, 100 * i);
                    Bench.True(took >= usual, $"the way there took {took.TotalMilliseconds} ms");
                    await node.SendAsync(got.Message with { To = Slots.Coordinator, Topic = Topic.Share }, stop);
                }

                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with { Weather = Weather.None with { Links = new LinkWeather(new ConstantLatency(usual), own) } });
    }

    /// <summary>The bytes of a link's messages go through at its rate, one message after the other; other links have theirs for themselves.</summary>
    public static async Task Thin_links_carry_one_message_after_the_other(Func<IFabric> create)
    {
        const int Messages = 4, Bytes = 5_000;
        const long Rate = 200_000;
        var thin = new LinkModel(null, Down: Rate);
        long sent = 0;
        await Bench.RunAsync(
            create, 2,
            async (node, stop) =>
            {
                await Bench.JoinAsync(node, 2, stop);
                sent = node.Time.GetTimestamp();
                for (var i = 0; i < Messages; i++)
                {
                    await Bench.SendAsync(node, new Message { To = 0, Topic = Topic.State, Row = i }, Bytes, stop);
                }

                await Bench.SendAsync(node, new Message { To = 1, Topic = Topic.State, Row = 0 }, Bytes, stop);
                for (var slot = 0; slot < 2; slot++)
                {
                    using var done = await Bench.TakeAsync(node, Topic.Done, stop);
                    Bench.Equal(1 - slot, done.Message.From, "who is through first");
                }
            },
            async (node, stop) =>
            {
                for (var i = 0; i < (node.Id == 0 ? Messages : 1); i++)
                {
                    using var got = await Bench.TakeAsync(node, Topic.State, stop);
                    Bench.Equal(i, got.Message.Row, "number of a message");
                    var took = node.Time.GetElapsedTime(sent);
                    Bench.True(node.Id == 1 || took >= (i + 1) * thin.Transmission(Bytes, up: false), $"message {i} was through after {took.TotalMilliseconds} ms");
                }

                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with { Weather = Weather.None with { Links = new LinkWeather(null, ImmutableSortedDictionary<int, LinkModel>.Empty.Add(0, thin)) } });
    }

    /// <summary>A link's latency does not hold up the sender, nor the receiver's computations.</summary>
    public static Task Links_hold_up_neither_sender_nor_lane(Func<IFabric> create)
    {
        var hour = new ConstantLatency(TimeSpan.FromHours(1));
        return Bench.RunAsync(
            create, 2,
            async (node, stop) =>
            {
                // Slot 1's arrival is under way for an hour too.
                using (await Bench.TakeAsync(node, Topic.Joined, stop, from: 0))
                {
                    for (var i = 0; i < 100; i++)
                    {
                        await node.SendAsync(new Message { To = 1, Topic = Topic.Ask, Row = i }, stop);
                    }
                }

                using var done = await Bench.TakeAsync(node, Topic.Done, stop, from: 0);
            },
            async (node, stop) =>
            {
                await node.ComputeAsync(new Work(0, 0, Work.PerPartition), 0, Nothing, stop);
                await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done }, stop);
                await Bench.TakeAsync(node, Topic.Stop, stop);
            },
            options => options with
            {
                Weather = Weather.None with { Links = new LinkWeather(null, ImmutableSortedDictionary<int, LinkModel>.Empty.Add(1, hour)) },
            });
    }
}
