namespace Sidestep.Hosting;

/// <summary>Kills slots at random: a slot whose time has come dies when it has been sent a model, in the middle of a round.</summary>
/// <param name="scene">Says who dies how often.</param>
/// <param name="kill">Kills a slot.</param>
internal sealed class DeathSchedule(SchemeScene scene, Action<int> kill)
{
    private const long Index = 0x10004;
    private readonly double[] _due = [.. scene.Workers.Select((w, slot) => Next(scene, slot, 0, 0))];
    private readonly int[] _deaths = new int[scene.Workers.Count];

    public void Hear(in RunEvent happened)
    {
        if (happened.Phase == Phase.Model && happened.End.TotalSeconds >= _due[happened.Slot])
        {
            _due[happened.Slot] = Next(scene, happened.Slot, ++_deaths[happened.Slot], happened.End.TotalSeconds);
            kill(happened.Slot);
        }
    }

    private static double Next(SchemeScene scene, int slot, int death, double now)
    {
        var rate = scene.Workers[slot].DeathsPerSecond;
        return rate > 0 ? now + new Rng(scene.Seed, Purpose.Weather, slot, death, Index).NextExponential(1 / rate) : double.PositiveInfinity;
    }
}
