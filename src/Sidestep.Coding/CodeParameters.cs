namespace Sidestep.Coding;

/// <summary>Parameters of a catalog entry; each code reads those it names and ignores the others.</summary>
public sealed record CodeParameters
{
    /// <summary>n; 0: not given.</summary>
    public int Workers { get; init; }

    /// <summary>s, slots that may be missing.</summary>
    public int Stragglers { get; init; }

    /// <summary>Seed of drawn tables.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>K, coordinate blocks of derivative codes; 0: not given, follows from the workers.</summary>
    public int Blocks { get; init; }

    /// <summary>Most amplification of rounding that is accepted.</summary>
    public double MaxAmplification { get; init; } = 1024;

    /// <summary>Whether approximate sums are scaled up to all partitions.</summary>
    public bool Rescale { get; init; } = true;

    /// <summary>Pieces of a worker's part that can be asked of others one by one.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>Most duplicate computations of chunks in a round, as a share of all; null: no bound.</summary>
    public double? MaxOverhead { get; init; }

    /// <summary>Shards per worker.</summary>
    public int Shards { get; init; } = DynamicShardsCode.DefaultShards;

    /// <summary>Shards in a worker's hands.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Whether idle workers repeat what slower ones have begun.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Whether rows of lost slots are computed by others when the code alone cannot decode.</summary>
    public bool Reissue { get; init; }

    /// <summary>Most blocks a line of a derivative code mixes; null: the code's own choice.</summary>
    public int? Weight { get; init; }

    /// <summary>D, data groups of a derivative code.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether idle workers can be asked for lines of others.</summary>
    public bool Requests { get; init; }

    /// <summary>Whether lines without full rank are accepted.</summary>
    public bool Lossy { get; init; }

    /// <summary>Directions of your own, a row per worker of a data group; null: not given.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Directions { get; init; }

    /// <summary>d, partitions a worker computes; 0: not given.</summary>
    public int Load { get; init; }

    /// <summary>m, by how much messages are shorter; 0: not given.</summary>
    public int Reduction { get; init; }

    /// <summary>Name of an inner code; null: not given.</summary>
    public string? Inner { get; init; }

    /// <summary>Name of a construction; null: not given.</summary>
    public string? Construction { get; init; }

    /// <summary>The part that all derivative codes take.</summary>
    internal LineOptions Lines => new() { Stragglers = Stragglers, Groups = Groups, Requests = Requests, Lossy = Lossy };
}
