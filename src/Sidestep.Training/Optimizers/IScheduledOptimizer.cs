namespace Sidestep.Training;

/// <summary>An optimizer whose steps follow a rate schedule, so that a whole run's rates can be checked before it starts.</summary>
public interface IScheduledOptimizer : IOptimizer
{
    /// <summary>The schedule; see <see cref="Schedule.Check"/>.</summary>
    Schedule Rate { get; }
}
