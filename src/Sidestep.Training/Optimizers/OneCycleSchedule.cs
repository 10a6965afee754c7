namespace Sidestep.Training;

/// <summary>Up from Peak/Divide to Peak, then down to Peak/(Divide·FinalDivide), each along half a cosine.</summary>
/// <param name="Peak">The largest rate.</param>
/// <param name="Rounds">Rounds of the whole cycle, at least 2.</param>
/// <param name="Rise">Share of the rounds that go up, between 0 and 1.</param>
/// <param name="Divide">Peak divided by the first rate, at least 1.</param>
/// <param name="FinalDivide">The first rate divided by the last, at least 1.</param>
/// <remarks>Source: Smith, Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2018); cosines and the
/// default values are those of PyTorch's OneCycleLR. Momentum is not cycled.</remarks>
public sealed record OneCycleSchedule(double Peak, long Rounds, double Rise = 0.3, double Divide = 25, double FinalDivide = 1e4) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round)
    {
        if (Rounds < 2 || !(Rise is > 0 and < 1) || !(Divide >= 1) || !(FinalDivide >= 1))
        {
            return double.NaN;
        }

        var first = Peak / Divide;
        var last = first / FinalDivide;
        var top = (Rise * Rounds) - 1;
        if (round >= Rounds - 1)
        {
            return last;
        }

        return round <= top
            ? HalfCosine.Between(first, Peak, top > 0 ? round / top : 1)
            : HalfCosine.Between(Peak, last, Math.Max(0, (round - top) / (Rounds - 1 - top)));
    }
}
