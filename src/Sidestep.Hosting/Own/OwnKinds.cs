using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>A kind of objective, data or optimizer that a program registered.</summary>
internal interface IOwnKind
{
    /// <summary>The name in specs.</summary>
    string Name { get; }

    /// <summary>What the further keys of the spec's object must be; null: anything.</summary>
    JsonTypeInfo? Parameters { get; }
}

/// <summary>A kind that a program registered.</summary>
/// <param name="Name">The name in specs.</param>
/// <param name="Parameters">What the further keys must be; null: anything.</param>
/// <param name="Create">The program's maker.</param>
/// <typeparam name="TContext">What the program's maker is told.</typeparam>
/// <typeparam name="TPart">What it makes.</typeparam>
internal sealed record OwnKind<TContext, TPart>(string Name, JsonTypeInfo? Parameters, Func<TContext, TPart> Create) : IOwnKind
{
    /// <summary>Makes the part; a maker that stumbles over the spec's keys is answered like any other mistake in a spec.</summary>
    /// <exception cref="ConfigurationException">The keys are not what the maker wants, or it made nothing.</exception>
    public TPart Make(TContext context)
    {
        try
        {
            return Create(context) ?? throw new ConfigurationException($"the maker of '{Name}' made nothing");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ConfigurationException($"the maker of '{Name}' cannot use its keys: {error.Message}");
        }
    }
}

/// <summary>Everything a program registered beside what is built in. Immutable.</summary>
internal sealed record OwnParts
{
    public IReadOnlyList<OwnKind<ObjectiveContext, IObjective>> Objectives { get; init; } = [];

    public IReadOnlyList<OwnKind<DataContext, TrainingData>> Data { get; init; } = [];

    public IReadOnlyList<OwnKind<OptimizerContext, IOptimizer>> Optimizers { get; init; } = [];

    public IReadOnlyList<Coding.CodeEntry> Codes { get; init; } = [];

    public IReadOnlyList<Training.CompressorEntry> Compressors { get; init; } = [];

    public IReadOnlyList<Training.MixerEntry> Mixers { get; init; } = [];

    public IReadOnlyList<Training.StrategyEntry> Strategies { get; init; } = [];

    /// <summary>One line of the catalog each.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; init; } = [];

    /// <summary>The registered kinds of one of the spec's open types.</summary>
    /// <param name="spec"><see cref="ObjectiveSpec"/>, <see cref="DataSpec"/> or <see cref="OptimizerSpec"/>; other types have none.</param>
    public IReadOnlyList<IOwnKind> KindsOf(Type spec) =>
        spec == typeof(ObjectiveSpec) ? Objectives : spec == typeof(DataSpec) ? Data : spec == typeof(OptimizerSpec) ? Optimizers : [];

    /// <summary>A spec whose own parts have every default of their parameters written out.</summary>
    public RunSpec Complete(RunSpec spec) => spec with
    {
        Objective = spec.Objective is OwnObjectiveSpec o ? o with { Parameters = Complete(typeof(ObjectiveSpec), o.Kind, o.Parameters) } : spec.Objective,
        Data = spec.Data is OwnDataSpec d ? d with { Parameters = Complete(typeof(DataSpec), d.Kind, d.Parameters) } : spec.Data,
        Optimizer = spec.Optimizer is OwnOptimizerSpec p ? p with { Parameters = Complete(typeof(OptimizerSpec), p.Name, p.Parameters) } : spec.Optimizer,
    };

    private JsonElement Complete(Type spec, string name, JsonElement parameters) =>
        KindsOf(spec).First(k => k.Name == name).Parameters is { } type
            ? JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(parameters, type), type)
            : parameters;
}
