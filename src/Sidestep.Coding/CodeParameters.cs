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
}
