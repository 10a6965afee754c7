namespace Sidestep.Hosting;

/// <summary>Snapshots of the coordinator in one file, replaced each time.</summary>
/// <param name="path">The file.</param>
/// <param name="every">Rounds between snapshots; 0: only when the run ends or is interrupted.</param>
internal sealed class RunCheckpoints(string path, long every) : ICheckpoints
{
    public bool Due(long round) => every > 0 && round % every == 0;

    public void Save(IRunState state) => StateFile.Save(path, state);
}
