using System.Collections.Immutable;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Data sets from specs.</summary>
internal static class DataSets
{
    /// <summary>Opens the training rows, decoding them once.</summary>
    public static TrainingData Open(ResolvedSpec resolved, CancellationToken stop)
    {
        if (resolved.Spec.Data is OwnDataSpec own)
        {
            return SidestepCatalog.Find("data", own.Kind, resolved.Catalog.Own.Data, k => k.Name).Make(
                new DataContext { Parameters = own.Parameters, Folder = resolved.Folder, Stop = stop });
        }

        var (train, test) = Sources(resolved.Spec, resolved.Folder);
        return new TrainingData(Cached(train), test is null ? null : () => Cached(test));

        Dataset Cached(DataSource source) => DataCache.Open(source, DataCache.DefaultFolder, stop);
    }

    /// <summary>Sources of the training rows and of the test rows, if there are any.</summary>
    private static (DataSource Train, DataSource? Test) Sources(RunSpec spec, string folder)
    {
        // With two classes a file's labels become −1 and +1 where the loss wants that, else classes are counted from 0.
        var labels = spec.Objective is LogisticSpec or LeastSquaresSpec ? LabelMap.Auto : LabelMap.Classes;
        return spec.Data switch
        {
            IdxDataSpec d => (
                new IdxSource(File(d.Images), File(d.Labels), d.Classes) { LabelMap = labels },
                d.Test is { } t ? new IdxSource(File(t.Images), File(t.Labels), d.Classes) { LabelMap = labels } : null),
            LibsvmDataSpec d => (
                new LibsvmSource(File(d.File), d.Features, d.Classes, Labels(d.Classes)),
                d.Test is { } t ? new LibsvmSource(File(t), d.Features, d.Classes, Labels(d.Classes)) : null),
            CsvDataSpec d => (Csv(d, d.File), d.Test is { } t ? Csv(d, t) : null),
            MixtureDataSpec d => Mixture(d, labels),
            DigitsDataSpec d => (
                new DigitPicturesSource(d.Count, d.Side, d.Seed),
                d.TestCount > 0 ? new DigitPicturesSource(d.TestCount, d.Side, d.Seed, Test: true) : null),
            ShardsDataSpec d => (
                Shards(d.Path, d, d.Fingerprint),
                d.Test is { } t ? Shards(t, d, d.TestFingerprint) : null),
            TextDataSpec d => Text(d, File(d.Path)),
            _ => throw new NotSupportedException($"data of type {spec.Data.GetType().Name}"),
        };

        string File(string name) => DataFolder.Resolve(name, folder);

        ShardsSource Shards(string path, ShardsDataSpec d, string? fingerprint) => new(File(path))
        {
            Resident = d.Resident is { } resident ? ByteSize.Parse(resident, "data.resident") : null,
            Fingerprint = fingerprint ?? "",
            LabelMap = labels == LabelMap.Classes && ShardManifest.Load(File(path)).Classes == 0 ? LabelMap.Auto : labels,
        };

        CsvSource Csv(CsvDataSpec d, string file) => new(File(file), d.Classes)
        {
            Header = d.Header,
            Label = d.Label,
            Drop = d.Drop ?? ImmutableArray<string>.Empty,
            LabelNames = d.LabelNames ?? ImmutableArray<string>.Empty,
            LabelMap = Labels(d.Classes),
        };

        LabelMap Labels(int classes) => classes == 0 && spec.Objective is (OwnObjectiveSpec or ExecSpec) ? LabelMap.Auto : labels;
    }

    /// <summary>The spec with the fingerprints of shards filled in: it then names the data, not only where they lie.</summary>
    public static ResolvedSpec Pin(ResolvedSpec resolved, Dataset train, Dataset? test) => resolved.Spec.Data is ShardsDataSpec d
        ? new ResolvedSpec(
            resolved.Spec with { Data = d with { Fingerprint = train.Fingerprint, TestFingerprint = test?.Fingerprint ?? d.TestFingerprint } },
            resolved.Folder)
        { Catalog = resolved.Catalog }
        : resolved;

    private static (DataSource Train, DataSource? Test) Text(TextDataSpec d, string file)
    {
        var train = new TextSource(file, d.Context) { Stride = d.Stride ?? d.Context, HeldOut = d.Test, IsBytes = d.Characters == "bytes" };
        return (train, d.Test > 0 ? train with { Stride = d.Context, IsEnd = true } : null);
    }

    private static (DataSource Train, DataSource? Test) Mixture(MixtureDataSpec d, LabelMap labels)
    {
        var train = new GaussianMixtureSource(d.Count, d.Features, d.Classes, d.Separation, d.Seed) { LabelMap = labels };
        return (train, d.TestCount > 0 ? train with { First = d.Count, Count = d.TestCount } : null);
    }
}
