namespace Sidestep.Hosting;

/// <summary>What one scheme takes at one point of a map.</summary>
/// <param name="Rival">The scheme.</param>
/// <param name="Times">Its rounds.</param>
/// <param name="RoundsToTarget">Rounds (of strategies without rounds: steps) to the target loss; NaN: not reached, or not asked for.</param>
/// <param name="SecondsToTarget">Seconds to the target loss, likewise.</param>
/// <param name="Rate">The learning rate it got there with, likewise.</param>
public sealed record WhoWinsCell(Rival Rival, SchemeTimes Times, double RoundsToTarget, double SecondsToTarget, double Rate);

/// <summary>One point of a map.</summary>
/// <param name="Ratio">c over the round-trip time.</param>
/// <param name="Probability">Probability that a worker stalls in a round.</param>
/// <param name="Cells">All schemes, in the order of <see cref="Rivals"/>.</param>
/// <param name="Rule">What the rule of thumb says, and what is.</param>
public sealed record WhoWinsPoint(double Ratio, double Probability, IReadOnlyList<WhoWinsCell> Cells, RuleOfThumb Rule)
{
    /// <summary>The fastest of some schemes, by mean time of a round; the first of equals.</summary>
    /// <param name="takesPart">Which schemes.</param>
    public WhoWinsCell Fastest(Func<Rival, bool> takesPart) => Cells.Where(c => takesPart(c.Rival)).MinBy(c => c.Times.Mean)!;

    /// <summary>The first at the target, of all schemes; null: none got there.</summary>
    public WhoWinsCell? FirstAtTarget() =>
        Cells.Where(c => double.IsFinite(c.SecondsToTarget)).MinBy(c => c.SecondsToTarget);

    /// <summary>The scheme that waits for all.</summary>
    public WhoWinsCell WaitForAll => Cells.First(c => c.Rival.Kind == RivalKind.Waits);
}
