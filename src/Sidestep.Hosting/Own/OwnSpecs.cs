using System.Text.Json;

namespace Sidestep.Hosting;

/// <summary>An objective that a program registered under a name of its own.</summary>
/// <param name="Kind">The name.</param>
/// <param name="Parameters">The further keys of the spec's object.</param>
public sealed record OwnObjectiveSpec(string Kind, JsonElement Parameters) : ObjectiveSpec;

/// <summary>Data that a program registered under a name of their own.</summary>
/// <param name="Kind">The name.</param>
/// <param name="Parameters">The further keys of the spec's object.</param>
public sealed record OwnDataSpec(string Kind, JsonElement Parameters) : DataSpec;

/// <summary>An optimizer that a program registered under a name of its own; its keys are its own, schedules included.</summary>
/// <param name="Name">The name.</param>
/// <param name="Parameters">The further keys of the spec's object.</param>
public sealed record OwnOptimizerSpec(string Name, JsonElement Parameters) : OptimizerSpec(0, null, 0);
