using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>A race: which schemes, in which weather, on which problem, for how long.</summary>
/// <remarks>The problem is a perceptron on generated digit pictures. A worker computes on <see cref="Batch"/> samples a partition; where data are not cut
/// into partitions (derivative codes) all workers take the same samples, and a round has as many as one worker can compute.</remarks>
public sealed record RacePlan
{
    /// <summary>Number of workers of every scheme.</summary>
    public int Workers { get; init; } = 12;

    /// <summary>K, coordinate blocks of derivative codes.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Delays before each computation, the same law for all workers, by name.</summary>
    public ImmutableArray<(string Name, string Latency)> Delays { get; init; } = [("shifted exponential", "exp(20ms,100ms)"), ("Pareto", "pareto(30ms,1.5)")];

    /// <summary>Links: thin on their way up.</summary>
    public string Link { get; init; } = "2ms@50MB/s|500KB/s";

    /// <summary>Emulated time of one partition gradient.</summary>
    public TimeSpan Compute { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Samples of a partition in a round.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Neurons of the hidden layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>How long a run trains.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Seeds of batches, delays and start point.</summary>
    public ImmutableArray<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Rates that are tried in the simulator, with another seed; every scheme takes its best.</summary>
    public ImmutableArray<double> Rates { get; init; } = [8, 4, 2, 1, 0.5, 0.25, 0.125];

    /// <summary>The seed rates are chosen with.</summary>
    public ulong RateSeed { get; init; } = 1000;

    /// <summary>The schemes.</summary>
    public IReadOnlyList<RaceLane> Lanes => RaceLanes.Of(Workers, Blocks);
}
