using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>The grid of a who-wins map, and what stays the same over it.</summary>
/// <remarks>In every round a worker stalls with some probability, independently of the others, before it computes; a stall lasts
/// <see cref="Stall"/> computations. It is work that waits: whoever is asked of something else meanwhile answers after the stall.</remarks>
public sealed record WhoWinsPlan
{
    /// <summary>Number of workers.</summary>
    public int Workers { get; init; } = 10;

    /// <summary>c: time a worker takes for its part of a round if nothing is computed twice.</summary>
    public TimeSpan Compute { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a stall lasts, in units of <see cref="Compute"/>.</summary>
    public double Stall { get; init; } = 10;

    /// <summary>Columns: c over the round-trip time.</summary>
    public ImmutableArray<double> Ratios { get; init; } = [100, 30, 10, 3, 1, 0.3];

    /// <summary>Rows: probability that a worker stalls in a round.</summary>
    public ImmutableArray<double> Probabilities { get; init; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3];

    /// <summary>Rounds that are simulated for each scheme and point.</summary>
    public int Rounds { get; init; } = 400;

    /// <summary>The seed; all schemes meet the same stalls.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A small map for a first look.</summary>
    public static WhoWinsPlan Quick { get; } = new() { Ratios = [100, 10, 1], Probabilities = [0.003, 0.03, 0.3], Rounds = 100 };

    /// <summary>The round-trip time of a column.</summary>
    /// <param name="ratio">c over the round-trip time.</param>
    public TimeSpan RoundTrip(double ratio) => Compute / ratio;

    /// <summary>The stalls of a row.</summary>
    /// <param name="probability">Probability that a worker stalls in a round.</param>
    public Weather Stalls(double probability)
    {
        var stall = new TwoStateLatency(new ConstantLatency(TimeSpan.Zero), new ConstantLatency(Compute * Stall), probability);
        return Weather.None with { Slow = Enumerable.Range(0, Workers).ToImmutableSortedDictionary(slot => slot, LatencyModel (_) => stall) };
    }
}
