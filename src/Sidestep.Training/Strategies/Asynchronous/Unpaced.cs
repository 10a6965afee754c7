namespace Sidestep.Training;

/// <summary>Nobody waits for anybody.</summary>
internal sealed class Unpaced : IPacing
{
    public void Joined(int slot)
    {
    }

    public void Lost(int slot)
    {
    }

    public bool MayStart(int slot) => true;

    public long Label(int slot, long version) => version;

    public void Applied(int slot)
    {
    }
}
