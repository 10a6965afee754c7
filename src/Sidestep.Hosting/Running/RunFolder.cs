namespace Sidestep.Hosting;

/// <summary>How to open a run's folder.</summary>
public enum FolderMode
{
    /// <summary>Nothing of another run may be there.</summary>
    Fresh,

    /// <summary>Files of another run are deleted.</summary>
    Replace,

    /// <summary>An interrupted run is continued.</summary>
    Resume,
}

/// <summary>The folder a run writes to: <c>spec.json</c>, <c>metrics.csv</c>, <c>events.jsonl</c>, <c>state</c>, <c>result.json</c>. Locked while it is open.</summary>
public sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;

    private RunFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder's absolute name.</summary>
    public string Path { get; }

    /// <summary>The resolved spec.</summary>
    public string Spec => In("spec.json");

    /// <summary>One row per round.</summary>
    public string Metrics => In("metrics.csv");

    /// <summary>One event per line.</summary>
    public string Events => In("events.jsonl");

    /// <summary>One frame per line, when frames are captured.</summary>
    public string Frames => In("frames.jsonl");

    /// <summary>The coordinator's last snapshot.</summary>
    public string State => In("state");

    /// <summary>The best model, as a safetensors file; only if the run is evaluated.</summary>
    public string Best => In("best.safetensors");

    /// <summary>The model of the last snapshot, as a safetensors file.</summary>
    public string Last => In("last.safetensors");

    /// <summary>The result.</summary>
    public string Result => In("result.json");

    /// <summary>Creates or opens the folder and locks it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">What to do with a run that is there.</param>
    /// <exception cref="OperatingSystemException">It cannot be created, another process holds it, or a run is there (73).</exception>
    /// <exception cref="ConfigurationException">There is nothing to resume.</exception>
    public static RunFolder Open(string path, FolderMode mode)
    {
        var full = System.IO.Path.GetFullPath(path);
        FileStream held;
        try
        {
            Directory.CreateDirectory(full);
            held = new FileStream(System.IO.Path.Combine(full, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var owned = File.Exists(System.IO.Path.Combine(full, ".lock"));
            throw new OperatingSystemException(
                owned ? $"{path} is in use by another run: choose another folder with --out" : $"{path} cannot be created: {error.Message}", 73, error);
        }

        var folder = new RunFolder(full, held);
        try
        {
            folder.Prepare(mode);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The first free name <c>ROOT/NAME-001</c>, <c>-002</c>, …</summary>
    /// <param name="root">The folder of runs.</param>
    /// <param name="name">The name of the spec.</param>
    public static string NextFree(string root, string name)
    {
        for (var number = 1; ; number++)
        {
            var path = System.IO.Path.Combine(root, FormattableString.Invariant($"{name}-{number:000}"));
            if (!Directory.Exists(path))
            {
                return path;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Prepare(FolderMode mode)
    {
        string[] files = [Spec, Metrics, Events, State, Result, Best, Last];
        switch (mode)
        {
            case FolderMode.Fresh when files.Any(File.Exists):
                throw new OperatingSystemException(
                    $"{Path} holds a run: continue it with --resume, replace it with --force, or choose another folder with --out", 73);
            case FolderMode.Resume when !File.Exists(State):
                throw new ConfigurationException($"{Path} holds no snapshot to resume: there is no file 'state' in it; start without --resume");
            case FolderMode.Replace:
                foreach (var file in files)
                {
                    File.Delete(file);
                }

                break;
        }
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
