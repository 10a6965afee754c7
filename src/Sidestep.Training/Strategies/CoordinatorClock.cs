namespace Sidestep.Training;

/// <summary>Time since the coordinator's program began, and events stamped with it.</summary>
internal sealed class CoordinatorClock(INode node)
{
    private readonly long _start = node.Time.GetTimestamp();

    public TimeSpan Now => node.Time.GetElapsedTime(_start);

    /// <summary>Reports something that began at a time and ends now.</summary>
    public void Report(int slot, long round, int row, Phase phase, TimeSpan began, double value = 0, string? name = null) =>
        node.Report(new RunEvent(slot, round, row, phase, began, Now, value, name));
}
