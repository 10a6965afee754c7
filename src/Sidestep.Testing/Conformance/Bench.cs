using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sidestep.Testing;

/// <summary>What the laws have in common: running programs with a limit, waiting, checking.</summary>
internal static class Bench
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs two programs on a fresh fabric; a run that takes a minute of real time breaks the law.</summary>
    public static Task RunAsync(
        Func<IFabric> create, int workers, NodeProgram coordinator, NodeProgram worker,
        Func<FabricOptions, FabricOptions>? change = null, CancellationToken stop = default) =>
        RunAsync(create(), workers, coordinator, worker, change, stop);

    /// <summary>Runs two programs on a fabric.</summary>
    public static async Task RunAsync(
        IFabric fabric, int workers, NodeProgram coordinator, NodeProgram worker,
        Func<FabricOptions, FabricOptions>? change = null, CancellationToken stop = default)
    {
        var options = new FabricOptions { Workers = workers, Seed = 1, Limits = new AnyLength() };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            await fabric.RunAsync(change?.Invoke(options) ?? options, coordinator, worker, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new ConformanceException($"{fabric.Name}: the run did not end within {Limit.TotalSeconds} s");
        }
    }

    /// <summary>Waits until every slot has joined.</summary>
    public static async Task JoinAsync(INode node, int workers, CancellationToken stop)
    {
        for (var joined = 0; joined < workers; joined++)
        {
            using var message = await TakeAsync(node, Topic.Joined, stop);
        }
    }

    /// <summary>Takes the oldest message of some topics.</summary>
    public static async Task<MessageLease> TakeAsync(
        INode node, Topic topics, CancellationToken stop, long round = -1, int from = Match.Anyone) =>
        await node.ReceiveAsync(new Match(topics, round, from), Timeout.InfiniteTimeSpan, stop)
            ?? throw new ConformanceException("a receive without a timeout timed out");

    /// <summary>Waits on the node's own clock.</summary>
    public static async Task PauseAsync(INode node, TimeSpan length, CancellationToken stop)
    {
        using var nothing = await node.ReceiveAsync(new Match(Topic.None), length, stop);
    }

    /// <summary>Sends a payload of a pattern only this message has.</summary>
    public static async Task SendAsync(INode node, Message message, int length, CancellationToken stop)
    {
        using var payload = node.Lease(length);
        Fill(payload.Span, node.Id, message.Row);
        await node.SendAsync(message with { Payload = payload }, stop);
    }

    /// <summary>Checks the pattern.</summary>
    public static void CheckPattern(in Message message, int length)
    {
        var bytes = message.Payload is { } payload ? payload.Span : default;
        Equal(length, bytes.Length, "length of a payload");
        var start = Start(message.From, message.Row);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)(start + i))
            {
                throw new ConformanceException($"byte {i} of a payload of {length} is {bytes[i]}, not {(byte)(start + i)}");
            }
        }
    }

    /// <summary>Checks a condition.</summary>
    public static void True(bool condition, string what, [CallerArgumentExpression(nameof(condition))] string? code = null)
    {
        if (!condition)
        {
            throw new ConformanceException($"{what} ({code})");
        }
    }

    /// <summary>Checks a value.</summary>
    public static void Equal<T>(T expected, T measured, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, measured))
        {
            throw new ConformanceException(string.Create(CultureInfo.InvariantCulture, $"{what} is {measured}, not {expected}"));
        }
    }

    private static void Fill(Span<byte> bytes, int from, int row)
    {
        var start = Start(from, row);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(start + i);
        }
    }

    private static int Start(int from, int row) => (31 * from) + (7 * row);

    private sealed class AnyLength : IPayloadLimits
    {
        public (int Least, int Most) For(Topic topic, int row) => (0, int.MaxValue);
    }
}
