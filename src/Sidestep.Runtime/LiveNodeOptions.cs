namespace Sidestep.Runtime;

/// <summary>What a live node needs beside its transport.</summary>
public sealed record LiveNodeOptions
{
    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Rehearsed weather.</summary>
    public Weather Weather { get; init; } = Weather.None;

    /// <summary>How long computations take.</summary>
    public ComputeModel Compute { get; init; } = ComputeModel.Measured;

    /// <summary>Timestamp (<see cref="TimeProvider.GetTimestamp"/>) of the run's start; events are relative to it.</summary>
    public long StartTimestamp { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
