using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>What a simulated scheme takes, per round.</summary>
public sealed record SchemeTimes
{
    /// <summary>Seconds of each round, in order.</summary>
    public required ImmutableArray<double> Rounds { get; init; }

    /// <summary>Number of slots.</summary>
    public required int Workers { get; init; }

    /// <summary>Class of the result.</summary>
    public required Exactness Exactness { get; init; }

    /// <summary>Slots that may be missing without a wait.</summary>
    public required int Stragglers { get; init; }

    /// <summary>Seconds workers computed per round, all together, rehearsed delays included.</summary>
    public required double BusySeconds { get; init; }

    /// <summary>The part of <see cref="BusySeconds"/> whose share came too late or never.</summary>
    public required double WastedSeconds { get; init; }

    /// <summary>Mean seconds of a round.</summary>
    public double Mean => Rounds.Average();

    /// <summary>Standard error of <see cref="Mean"/>, as if rounds were independent.</summary>
    public double MeanError
    {
        get
        {
            var mean = Mean;
            return Rounds.Length < 2 ? 0 : Math.Sqrt(Rounds.Sum(r => (r - mean) * (r - mean)) / (Rounds.Length - 1) / Rounds.Length);
        }
    }

    /// <summary>Seconds workers are there per round, computing or not: what one pays for.</summary>
    public double WorkerSeconds => Workers * Mean;

    /// <summary>The nearest-rank quantile of a round's seconds.</summary>
    /// <param name="share">0 to 1; 0.95: 95 of 100 rounds took at most this.</param>
    public double Quantile(double share) => Quantiles.NearestRank(Rounds.Sort().AsSpan(), share);
}
