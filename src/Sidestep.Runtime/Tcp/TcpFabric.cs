using System.Security.Cryptography;

namespace Sidestep.Runtime;

/// <summary>What the fabric of processes needs beside the run's own options.</summary>
public sealed record TcpFabricOptions
{
    /// <summary>Starts worker processes.</summary>
    public required IWorkerLauncher Launcher { get; init; }

    /// <summary>Port of the coordinator on 127.0.0.1; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The run's secret; by default 32 random bytes.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Hash of the resolved spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Names the arithmetic.</summary>
    public required string NumericClass { get; init; }

    /// <summary>Hears of every frame at the coordinator, from any thread; null: nobody.</summary>
    public Action<CapturedFrame>? Capture { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The fabric <c>tcp</c>: a coordinator in this process and one process per slot on this machine, over sockets.</summary>
/// <remarks>A dead process is started again and takes its slot as a new session; rehearsed deaths are SIGKILLs of the real process.
/// When the run ends, in whatever way, every process it started has ended.
/// <code>IFabric fabric = new TcpFabric(new TcpFabricOptions { Launcher = launcher, SpecHash = hash, NumericClass = "managed-1" });</code></remarks>
/// <param name="options">What it needs.</param>
public sealed class TcpFabric(TcpFabricOptions options) : IFabric
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private TcpTransport? _transport;
    private WorkerProcesses? _processes;

    /// <inheritdoc/>
    public string Name => "tcp";

    /// <inheritdoc/>
    public FabricBytes Bytes => _transport?.Bytes ?? default;

    /// <summary>Ids of the worker processes now alive, by slot; 0: none.</summary>
    public IReadOnlyList<int> ProcessIds => _processes?.ProcessIds ?? [];

    /// <inheritdoc/>
    /// <remarks>The worker program is not used: workers are other processes (<see cref="TcpWorker"/>). One that ends with exit code
    /// <see cref="ObjectiveFaultException.Code"/> is judged by <see cref="FabricOptions.Faulted"/>.</remarks>
    public async Task RunAsync(FabricOptions run, NodeProgram coordinator, NodeProgram worker, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(coordinator);
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var start = options.Time.GetTimestamp();
        await using var transport = new TcpTransport(new TcpTransportOptions
        {
            Id = Slots.Coordinator,
            Workers = run.Workers,
            Secret = options.Secret,
            SpecHash = options.SpecHash,
            NumericClass = options.NumericClass,
            Limits = run.Limits,
            Port = options.Port,
            Capture = options.Capture,
            StartTimestamp = start,
            Time = options.Time,
        });
        _transport = transport;
        var processes = new WorkerProcesses(options.Launcher, transport.EndPoint, options.Secret, run, options.Time);
        _processes = processes;
        var kills = new KillSchedule(run.Weather, processes.Kill);
        var node = new LiveNode(
            transport,
            new LiveNodeOptions { Seed = run.Seed, Weather = run.Weather, Compute = run.Compute, StartTimestamp = start, Time = options.Time },
            happened =>
            {
                kills.Hear(happened);
                run.Listener?.Invoke(happened);
            });
        transport.Events = happened => node.Hear(happened);
        transport.Rejected = (slot, code) => node.Hear(
            new RunEvent(slot, -1, -1, Phase.Rejected, options.Time.GetElapsedTime(start), options.Time.GetElapsedTime(start), (int)code));
        var running = node.RunAsync(coordinator, failing.Token);
        var keeping = processes.KeepAsync();
        try
        {
            if (await Task.WhenAny(running, keeping).ConfigureAwait(false) == keeping && keeping.IsFaulted)
            {
                await failing.CancelAsync().ConfigureAwait(false);
                await Task.WhenAny(running).ConfigureAwait(false);
                await keeping.ConfigureAwait(false);
            }

            await running.ConfigureAwait(false);
        }
        finally
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            await processes.EndAsync(EndPatience).ConfigureAwait(false);
        }
    }
}
