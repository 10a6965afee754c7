using System.Globalization;

namespace Sidestep.Training;

/// <summary>An imported data set: a folder of checksummed shards with a manifest, read where it lies, through memory maps.</summary>
/// <param name="Folder">The folder.</param>
/// <remarks>Opening reads the manifest and the headers. A block of 64 KiB is held against its checksum when a process first reads it.
/// <code>var train = DataCache.Open(new ShardsSource("clicks"), DataCache.DefaultFolder);</code></remarks>
public sealed record ShardsSource(string Folder) : DataSource
{
    /// <summary>Most bytes that a process which reads it may have resident, all else included; null: 256 MB, or 64 MB more than when it was opened if that is more.</summary>
    /// <remarks>Kept on Linux, by giving pages of the shards back in time. The rest of the process cannot be given back.</remarks>
    public long? Resident { get; init; }

    /// <summary>The fingerprint the data set must have; empty: any.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What two classes are read as: <see cref="LabelMap.Auto"/> and <see cref="LabelMap.Signs"/>: −1 and +1; others: 0 and 1.</summary>
    public LabelMap LabelMap { get; init; } = LabelMap.Auto;

    /// <inheritdoc/>
    public override string Name() => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [Path.Combine(Folder, ShardManifest.FileName)];

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"shards|{Fingerprint}|{LabelMap}");

    /// <inheritdoc/>
    /// <remarks>Copies all rows; <see cref="DataCache.Open"/> does not need it.</remarks>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        var data = OpenInPlace();
        var map = data.Classes == 0 ? LabelMap.AsIs : LabelMap.Kept;
        writer.Begin(data.Name, data.Features, data.Classes, data.Format == RowFormat.Sparse ? RowFormat.Sparse : RowFormat.Floats, map);
        var rows = data.Rows(1);
        var number = new long[1];
        for (; number[0] < data.Count; number[0]++)
        {
            var batch = rows.ReadAsync(0, number, stop).AsTask().GetAwaiter().GetResult();
            if (batch.IsSparse)
            {
                writer.Add(batch.Columns.Span, batch.Values.Span, batch.Labels.Span[0]);
            }
            else
            {
                writer.Add(batch.Values.Span, batch.Labels.Span[0]);
            }
        }
    }

    /// <inheritdoc/>
    internal override Dataset OpenInPlace()
    {
        var manifest = ShardManifest.Load(Folder);
        if (Fingerprint.Length > 0 && Fingerprint != manifest.Fingerprint)
        {
            throw new DataException($"{Folder}: is the data set {manifest.Fingerprint} ('{manifest.Name}'), but {Fingerprint} is asked for: other data lie here now");
        }

        var fits = LabelMap switch
        {
            LabelMap.Auto => true,
            LabelMap.AsIs => manifest.Classes == 0,
            LabelMap.Signs => manifest.Classes == 2,
            _ => manifest.Classes >= 2,
        };
        if (!fits)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Folder}: label map {LabelMap} does not go with {manifest.Classes} classes; AsIs needs 0, Signs needs 2, the others 2 or more"));
        }

        var signs = manifest.Classes == 2 && LabelMap is (LabelMap.Auto or LabelMap.Signs);
        return new Dataset(ShardStorage.Open(Folder, manifest, signs, Resident), manifest.Name);
    }
}
