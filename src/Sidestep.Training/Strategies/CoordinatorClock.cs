namespace Sidestep.Training;

/// <summary>The run's clock at the coordinator, and events stamped with it.</summary>
internal sealed class CoordinatorClock(INode node)
{
    public TimeSpan Now => node.Elapsed;

    /// <summary>Reports something that began at a time and ends now.</summary>
    public void Report(int slot, long round, int row, Phase phase, TimeSpan began, double value = 0, string? name = null) =>
        node.Report(new RunEvent(slot, round, row, phase, began, Now, value, name));
}
