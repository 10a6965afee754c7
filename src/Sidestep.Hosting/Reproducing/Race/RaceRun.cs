using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>The model of a run, measured while it trained.</summary>
/// <param name="Seconds">Since the first round began.</param>
/// <param name="Updates">Updates of the model so far.</param>
/// <param name="Loss">Its loss on the test set.</param>
public readonly record struct RacePoint(double Seconds, long Updates, double Loss);

/// <summary>One run of a race.</summary>
/// <param name="Lane">The scheme.</param>
/// <param name="Delay">Name of the delays.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Rate">The rate of the optimizer.</param>
public sealed record RaceRun(RaceLane Lane, string Delay, ulong Seed, double Rate)
{
    /// <summary>The course of the loss, by time.</summary>
    public ImmutableArray<RacePoint> Points { get; init; } = [];

    /// <summary>Shares that counted.</summary>
    public long Shares { get; init; }

    /// <summary>Shares that came too late or were refused.</summary>
    public long Late { get; init; }

    /// <summary>Bytes of a share's payload.</summary>
    public double ShareBytes { get; init; }

    /// <summary>The loss at the end; infinite if the run diverged.</summary>
    public double Last => Points.IsEmpty || !double.IsFinite(Points[^1].Loss) ? double.PositiveInfinity : Points[^1].Loss;

    /// <summary>Updates of the model.</summary>
    public long Updates => Points.IsEmpty ? 0 : Points[^1].Updates;

    /// <summary>When the loss was first at most so much; infinite: never.</summary>
    /// <param name="loss">The loss.</param>
    public double Reaches(double loss)
    {
        foreach (var point in Points)
        {
            if (point.Loss <= loss)
            {
                return point.Seconds;
            }
        }

        return double.PositiveInfinity;
    }
}
