namespace Sidestep.Training;

/// <summary>C1 / (round + C2), the schedule of the gradient-coding experiments.</summary>
/// <param name="C1">Numerator.</param>
/// <param name="C2">Offset, above 0; the first rate is C1/C2.</param>
/// <remarks>Source: Tandon, Lei, Dimakis, Karampatziakis, "Gradient Coding", ICML 2017, section 6.</remarks>
public sealed record InverseTimeSchedule(double C1, double C2) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round) => C1 / (round + C2);
}
