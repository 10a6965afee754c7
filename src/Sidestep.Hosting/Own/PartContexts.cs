using System.Text.Json;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>What a registered maker is told of the spec.</summary>
public abstract record PartContext
{
    /// <summary>The further keys of the spec's object, without its kind or name.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The spec's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The absolute name of a file that the spec names: <c>${data}/…</c>, absolute, or relative to the spec.</summary>
    /// <param name="name">As written.</param>
    /// <exception cref="ConfigurationException">The folder <c>${data}</c> stands for does not exist, or the name leaves it.</exception>
    public string File(string name) => DataFolder.Resolve(name, Folder);
}

/// <summary>What the maker of an objective is told. It is called once per node, coordinator included; each instance is used by one thread at a time.</summary>
public sealed record ObjectiveContext : PartContext
{
    /// <summary>Features of a sample.</summary>
    public required int Features { get; init; }

    /// <summary>Number of classes; 0: regression. Classes of built-in data are counted from 0.</summary>
    public required int Classes { get; init; }

    /// <summary>Which matrix kernels the spec asks for, for objectives that use <see cref="MatrixProduct"/>.</summary>
    public required KernelChoice Kernels { get; init; }
}

/// <summary>What the maker of data is told. It is called once in the coordinator and once in each worker process.</summary>
public sealed record DataContext : PartContext
{
    /// <summary>Cancelled when the run is given up.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>Opens a source of your own or a built-in one: decoded once into a file that all processes of this machine map and share.</summary>
    /// <param name="source">The source.</param>
    /// <exception cref="SidestepException">The source cannot be used, or the cache cannot be written.</exception>
    public Dataset Open(DataSource source) => DataCache.Open(source, DataCache.DefaultFolder, Stop);
}

/// <summary>What the maker of an optimizer is told.</summary>
public sealed record OptimizerContext : PartContext
{
    /// <summary>Rounds of the run, for schedules that end with it.</summary>
    public required long Rounds { get; init; }
}

/// <summary>Training rows, and test rows if there are any.</summary>
/// <param name="Train">The training rows, the same in every process: partitions are cut by row number.</param>
/// <param name="Test">Opens the test rows; called by the coordinator only. Null: there are none.</param>
public sealed record TrainingData(Dataset Train, Func<Dataset>? Test = null);
