using Sidestep.Training;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Sidestep.Hosting;

/// <summary>Models out of runs, for other programs.</summary>
/// <remarks><code>ModelExport.Write("model.safetensors", ModelExport.FromRun("runs/first"));</code></remarks>
public static class ModelExport
{
    /// <summary>Reads the model of a run's last snapshot. Data and objective are not needed.</summary>
    /// <param name="path">A run's folder, or a snapshot itself.</param>
    /// <exception cref="ConfigurationException">There is no such run.</exception>
    /// <exception cref="DataException">The snapshot is damaged or of another kind.</exception>
    public static ExportedModel FromRun(string path)
    {
        var isFolder = Directory.Exists(path);
        var state = isFolder ? Path.Combine(path, "state") : path;
        if (!File.Exists(state))
        {
            throw new ConfigurationException(isFolder
                ? $"{path} holds no snapshot: there is no file 'state' in it; name the folder a run was written to"
                : $"there is no run or snapshot {path}");
        }

        var saved = new SnapshotModel();
        StateFile.Load(state, saved);
        var specHash = SpecHash(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(state))!, "spec.json"));
        return new ExportedModel(saved.Shape, saved.Parameters, Origin.Of(saved.Round, saved.TrajectoryHash, specHash).ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>Writes a model durably.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="OperatingSystemException">The file could not be created (73) or written (74).</exception>
    public static void Write(string path, ExportedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafetensorsFile.Write(path, model.Shape, model.Parameters, model.Metadata);
    }

    // A snapshot may lie anywhere; what ran is known only beside the spec it ran with, which need not be one of this program's.
    private static string? SpecHash(string path) => File.Exists(path)
        ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))
        : null;
}
