using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Sidestep.Runtime;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>The product's transport doing the work of a round: a model out to every worker, a share in from each, all combined; or a ring all-reduce.</summary>
internal static class SidestepRounds
{
    public static double[] Run(int workers, int floats, int rounds)
    {
        var times = new double[rounds];
        RunOnSockets("star-worker", workers, floats, async (node, stop) =>
        {
            for (var joined = 0; joined < workers; joined++)
            {
                await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
            }

            var sum = new float[floats];
            var weights = Enumerable.Repeat(1f, workers).ToArray();
            var shares = new MessageLease[workers];
            using var model = node.Lease(floats * sizeof(float));
            model.Span.Clear();
            for (var round = 0; round < rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                using var payload = node.Lease(floats * sizeof(float));
                MemoryMarshal.AsBytes<float>(sum).CopyTo(payload.Span);
                for (var slot = 0; slot < workers; slot++)
                {
                    await node.SendAsync(new Message { To = slot, Topic = Topic.Model, Round = round, Row = -1, Payload = payload }, stop);
                }

                for (var got = 0; got < workers; got++)
                {
                    var share = await node.ReceiveAsync(new Match(Topic.Share), Timeout.InfiniteTimeSpan, stop);
                    shares[share!.Value.Message.From] = share.Value;
                }

                times[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                WeightedSum.Combine(new Shares(shares), weights, sum);
                foreach (var share in shares)
                {
                    share.Dispose();
                }
            }

            for (var slot = 0; slot < workers; slot++)
            {
                await node.SendAsync(new Message { To = slot, Topic = Topic.Stop }, stop);
            }
        });
        return times;
    }

    public static double[] Ring(int workers, int floats, int rounds)
    {
        var times = new double[rounds];
        RunOnSockets("ring-worker", workers, floats, async (node, stop) =>
        {
            for (var joined = 0; joined < workers; joined++)
            {
                await node.ReceiveAsync(new Match(Topic.Joined), Timeout.InfiniteTimeSpan, stop);
            }

            for (var round = 0; round < rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                for (var slot = 0; slot < workers; slot++)
                {
                    await node.SendAsync(new Message { To = slot, Topic = Topic.Ask, Round = round }, stop);
                }

                for (var done = 0; done < workers; done++)
                {
                    (await node.ReceiveAsync(new Match(Topic.Done), Timeout.InfiniteTimeSpan, stop))?.Dispose();
                }

                times[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            for (var slot = 0; slot < workers; slot++)
            {
                await node.SendAsync(new Message { To = slot, Topic = Topic.Stop }, stop);
            }
        });
        return times;
    }

    public static async Task<int> WorkAsync(string kind, IPEndPoint coordinator, int slot, int workers, int floats) =>
        await TcpWorker.RunAsync(
            new TcpWorkerOptions
            {
                Coordinator = coordinator,
                Slot = slot,
                Workers = workers,
                Secret = Convert.FromHexString(Environment.GetEnvironmentVariable(ProcessLauncher.SecretVariable)!),
                SpecHash = "rounds",
                NumericClass = "rounds",
                Limits = new Limits(floats, workers),
                Node = new LiveNodeOptions { Seed = 1 },
            },
            kind == "star-worker" ? AnswerAsync : (node, stop) => MixAsync(node, workers, floats, stop),
            CancellationToken.None);

    private static async Task AnswerAsync(INode node, CancellationToken stop)
    {
        while (await node.ReceiveAsync(new Match(Topic.Model | Topic.Stop), Timeout.InfiniteTimeSpan, stop) is { Message.Topic: Topic.Model } model)
        {
            await node.SendAsync(model.Message with { To = Slots.Coordinator, Topic = Topic.Share, Row = node.Id }, stop);
            model.Dispose();
        }
    }

    private static async Task MixAsync(INode node, int workers, int floats, CancellationToken stop)
    {
        var vector = new float[floats];
        await using var mixing = new RingAllReduce().Open(node, ModelShape.Flat(floats));
        var members = Enumerable.Range(0, workers).ToArray();
        while (await node.ReceiveAsync(new Match(Topic.Ask | Topic.Stop), Timeout.InfiniteTimeSpan, stop) is { Message.Topic: Topic.Ask } ask)
        {
            await mixing.MixAsync(new MixRound(ask.Message.Round, 0, members), vector, stop);
            await node.SendAsync(new Message { To = Slots.Coordinator, Topic = Topic.Done, Round = ask.Message.Round, Row = -1 }, stop);
        }
    }

    private static void RunOnSockets(string kind, int workers, int floats, NodeProgram program)
    {
        var fabric = new TcpFabric(new TcpFabricOptions
        {
            SpecHash = "rounds",
            NumericClass = "rounds",
            Launcher = new ProcessLauncher(Child.FileName, (slot, endpoint) => Child.Arguments(
                kind,
                endpoint.Port.ToString(CultureInfo.InvariantCulture),
                slot.ToString(CultureInfo.InvariantCulture),
                workers.ToString(CultureInfo.InvariantCulture),
                floats.ToString(CultureInfo.InvariantCulture))),
        });
        fabric.RunAsync(
            new FabricOptions { Workers = workers, Seed = 1, Limits = new Limits(floats, workers) },
            program,
            static (_, _) => Task.CompletedTask,
            CancellationToken.None).GetAwaiter().GetResult();
    }

    private readonly struct Shares(MessageLease[] shares) : IVectors
    {
        public int Count => shares.Length;

        public ReadOnlySpan<float> this[int index] => MemoryMarshal.Cast<byte, float>(shares[index].Message.Payload!.Span);
    }

    private sealed class Limits(int floats, int workers) : IPayloadLimits
    {
        private readonly (int Least, int Most) _mix = new RingAllReduce().MessageBytes(ModelShape.Flat(floats), workers);

        public (int Least, int Most) For(Topic topic, int row) => topic switch
        {
            Topic.Model or Topic.Share => (floats * sizeof(float), floats * sizeof(float)),
            Topic.Mix => _mix,
            _ => (0, 0),
        };
    }
}
