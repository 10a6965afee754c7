using System.Net;

namespace Sidestep.Runtime;

/// <summary>What a worker process needs.</summary>
public sealed record TcpWorkerOptions
{
    /// <summary>Where the coordinator listens.</summary>
    public required IPEndPoint Coordinator { get; init; }

    /// <summary>Its slot.</summary>
    public required int Slot { get; init; }

    /// <summary>Number of slots.</summary>
    public required int Workers { get; init; }

    /// <summary>The run's secret.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Hash of its resolved spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Names its arithmetic.</summary>
    public required string NumericClass { get; init; }

    /// <summary>Sizes of messages.</summary>
    public required IPayloadLimits Limits { get; init; }

    /// <summary>Seed, weather and compute; the start is set from the coordinator's clock.</summary>
    public required LiveNodeOptions Node { get; init; }
}

/// <summary>A worker process's side of the fabric <c>tcp</c>.</summary>
public static class TcpWorker
{
    /// <summary>Exit code of a worker whose coordinator is gone.</summary>
    public const int CoordinatorLost = 69;

    // A program that does not end by itself in this time is left behind: its process must not outlive the coordinator.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>Joins the run as a session of the slot and runs the program until it returns or the coordinator is gone.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="program">The worker's program.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>0: the program returned; <see cref="CoordinatorLost"/>: the connection was lost before.</returns>
    /// <exception cref="JoinRefusedException">The coordinator refuses the session.</exception>
    public static async Task<int> RunAsync(TcpWorkerOptions options, NodeProgram program, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var transport = new TcpTransport(new TcpTransportOptions
        {
            Id = options.Slot,
            Workers = options.Workers,
            Secret = options.Secret,
            SpecHash = options.SpecHash,
            NumericClass = options.NumericClass,
            Limits = options.Limits,
            Time = options.Node.Time,
        });
        var elapsed = transport.Connect(options.Coordinator);
        var time = options.Node.Time;
        var start = time.GetTimestamp() - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = new LiveNode(transport, options.Node with { StartTimestamp = start }, null).RunAsync(program, ending.Token);
        if (await Task.WhenAny(running, transport.CoordinatorGone).ConfigureAwait(false) == running)
        {
            await running.ConfigureAwait(false);
            return 0;
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(running, Task.Delay(EndPatience, time, CancellationToken.None)).ConfigureAwait(false);
        return running.IsCompletedSuccessfully ? 0 : CoordinatorLost;
    }
}
