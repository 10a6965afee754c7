namespace Sidestep.Training;

/// <summary>Nobody waits; a share whose model is more versions old than a bound does not count.</summary>
/// <param name="workers">n.</param>
/// <param name="most">The bound.</param>
internal sealed class BoundedStaleness(int workers, int most) : IPacing
{
    public double Step => workers;

    public void Joined(int slot)
    {
    }

    public void Lost(int slot)
    {
    }

    public bool MayStart(int slot) => true;

    public long Label(int slot, long version) => version;

    public long Staleness(int slot, long label, long version) => version - label;

    public bool Takes(long staleness) => staleness <= most;

    public void Applied(int slot)
    {
    }
}
