namespace Sidestep.Hosting;

/// <summary>Coding pays when s·c &lt; P(a needed share is late) × (detection + round trip + c): what is paid in advance against what is paid when it happens.</summary>
/// <remarks>c is the computation of a worker and round without a code; detection is the time from when the share was due to when its slot counts as late
/// (it does after twice the usual time, so that is one usual time: round trip + c). P = 1 − (1 − p)ⁿ.</remarks>
/// <param name="Advance">s·c of the cheapest code, seconds a round.</param>
/// <param name="OnDemand">The right side, seconds a round.</param>
/// <param name="BestCode">Mean seconds a round of the fastest exact code.</param>
/// <param name="WholeParts">Mean seconds a round of the faster of waiting for all and of asking others for whole parts.</param>
/// <param name="BestOther">Mean seconds a round of the fastest exact scheme that is no code, those that share small pieces included.</param>
public sealed record RuleOfThumb(double Advance, double OnDemand, double BestCode, double WholeParts, double BestOther)
{
    /// <summary>What the rule says.</summary>
    public bool SaysCode => Advance < OnDemand;

    /// <summary>Whether a code is faster than waiting and than asking others for whole parts, which is what the rule is about.</summary>
    public bool IsCode => BestCode < WholeParts;

    /// <summary>Whether a code is faster than every other exact scheme.</summary>
    public bool CodeWins => BestCode < BestOther;

    /// <summary>Holds the rule against a point's schemes.</summary>
    /// <param name="plan">The map.</param>
    /// <param name="ratio">c over the round-trip time.</param>
    /// <param name="probability">Probability that a worker stalls in a round.</param>
    /// <param name="cells">The schemes.</param>
    public static RuleOfThumb Of(WhoWinsPlan plan, double ratio, double probability, IReadOnlyList<WhoWinsCell> cells)
    {
        var (c, roundTrip) = (plan.Compute.TotalSeconds, plan.RoundTrip(ratio).TotalSeconds);
        var late = 1 - Math.Pow(1 - probability, plan.Workers);
        var detection = roundTrip + c;
        return new RuleOfThumb(
            c,
            late * (detection + roundTrip + c),
            Best(r => r.Kind == RivalKind.Coded),
            Best(r => r.Kind == RivalKind.Waits || r.Name == Rivals.WholeParts),
            Best(r => r.Kind is RivalKind.Waits or RivalKind.OnDemand));

        double Best(Func<Rival, bool> takesPart) =>
            cells.Where(cell => takesPart(cell.Rival)).Select(cell => cell.Times.Mean).DefaultIfEmpty(double.PositiveInfinity).Min();
    }
}
