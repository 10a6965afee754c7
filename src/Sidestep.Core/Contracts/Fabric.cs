namespace Sidestep;

/// <summary>One node's program; called anew for every session of a slot.</summary>
/// <param name="node">The node.</param>
/// <param name="stop">Cancelled when the session must end at once.</param>
public delegate Task NodeProgram(INode node, CancellationToken stop);

/// <summary>What every fabric needs to run a set of nodes.</summary>
public sealed record FabricOptions
{
    /// <summary>Number of slots.</summary>
    public required int Workers { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Sizes of messages.</summary>
    public required IPayloadLimits Limits { get; init; }

    /// <summary>Rehearsed weather.</summary>
    public Weather Weather { get; init; } = Weather.None;

    /// <summary>How long computations take.</summary>
    public ComputeModel Compute { get; init; } = ComputeModel.Measured;

    /// <summary>Time between a death and the next session of the slot; null: it does not come back.</summary>
    public TimeSpan? Respawn { get; init; } = TimeSpan.Zero;

    /// <summary>Hears every event, one at a time.</summary>
    public Action<RunEvent>? Listener { get; init; }

    /// <summary>Judges a worker whose program failed with an <see cref="ObjectiveFaultException"/>: slot and reason in, time until the slot's next session
    /// out; null: it does not come back. Called from any thread. Without a judge such a failure fails the run, as any other does.</summary>
    public Func<int, string, TimeSpan?>? Faulted { get; init; }
}

/// <summary>Something that runs a coordinator and workers.</summary>
public interface IFabric
{
    /// <summary><c>sim</c>, <c>threads</c> or <c>tcp</c>.</summary>
    string Name { get; }

    /// <summary>Bytes moved so far.</summary>
    FabricBytes Bytes { get; }

    /// <summary>Runs until the coordinator's program ends, then ends every worker. Dead slots are respawned while the coordinator runs.</summary>
    /// <param name="options">What to run on.</param>
    /// <param name="coordinator">The coordinator's program.</param>
    /// <param name="worker">A worker's program (unused where workers are other processes).</param>
    /// <param name="stop">Ends everything at once.</param>
    /// <exception cref="SidestepException">A node's program failed with it.</exception>
    Task RunAsync(FabricOptions options, NodeProgram coordinator, NodeProgram worker, CancellationToken stop);
}

/// <summary>Bytes at the coordinator, payloads and whole frames apart.</summary>
/// <param name="PayloadSent">Payload bytes sent.</param>
/// <param name="PayloadReceived">Payload bytes received.</param>
/// <param name="FrameSent">Bytes sent with headers.</param>
/// <param name="FrameReceived">Bytes received with headers.</param>
public readonly record struct FabricBytes(long PayloadSent, long PayloadReceived, long FrameSent, long FrameReceived);
