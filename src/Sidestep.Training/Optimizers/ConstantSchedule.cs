namespace Sidestep.Training;

/// <summary>The same rate in every round.</summary>
/// <param name="Value">The rate.</param>
public sealed record ConstantSchedule(double Value) : Schedule
{
    /// <inheritdoc/>
    public override double Rate(long round) => Value;
}
