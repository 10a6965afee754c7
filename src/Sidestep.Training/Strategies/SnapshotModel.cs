namespace Sidestep.Training;

/// <summary>The model in a coordinator's snapshot, read without the plan it belongs to.</summary>
public sealed class SnapshotModel : ISnapshot
{
    /// <summary>Rounds done.</summary>
    public long Round { get; private set; }

    /// <summary>The tensors.</summary>
    public ModelShape Shape { get; private set; } = new([]);

    /// <summary>The parameters.</summary>
    public ReadOnlyMemory<float> Parameters { get; private set; }

    /// <summary>The trajectory hash so far, hexadecimal.</summary>
    public string TrajectoryHash { get; private set; } = string.Empty;

    /// <summary>Not possible: a model alone is no state.</summary>
    /// <inheritdoc/>
    public void Save(IStateWriter writer) => throw new NotSupportedException("a snapshot is written by the run it belongs to");

    /// <inheritdoc/>
    public void Load(IStateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var header = new byte[Math.Max(0, reader.Count<byte>("shape"))];
        var parameters = new float[Math.Max(0, reader.Count<float>("model"))];
        reader.Read<byte>("shape", header);
        reader.Read<float>("model", parameters);
        Round = reader.ReadOne<long>("round");
        Shape = SafetensorsHeader.Read(header, (long)parameters.Length * sizeof(float)).Shape;
        Parameters = parameters;
        using var hash = new TrajectoryHash();
        hash.Load(reader.Within("hash"));
        TrajectoryHash = hash.Hex;
    }
}
