using System.Collections.Immutable;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Data sets from specs.</summary>
internal static class DataSets
{
    /// <summary>Sources of the training rows and of the test rows, if there are any.</summary>
    public static (DataSource Train, DataSource? Test) Sources(RunSpec spec, string folder)
    {
        // With two classes a file's labels become −1 and +1, unless the loss counts classes from 0.
        var labels = spec.Objective is SoftmaxSpec or PerceptronSpec or ExecSpec ? LabelMap.Classes : LabelMap.Auto;
        return spec.Data switch
        {
            IdxDataSpec d => (
                new IdxSource(File(d.Images), File(d.Labels), d.Classes) { LabelMap = labels },
                d.Test is { } t ? new IdxSource(File(t.Images), File(t.Labels), d.Classes) { LabelMap = labels } : null),
            LibsvmDataSpec d => (
                new LibsvmSource(File(d.File), d.Features, d.Classes, labels),
                d.Test is { } t ? new LibsvmSource(File(t), d.Features, d.Classes, labels) : null),
            CsvDataSpec d => (Csv(d, d.File), d.Test is { } t ? Csv(d, t) : null),
            MixtureDataSpec d => Mixture(d, labels),
            DigitsDataSpec d => (
                new DigitPicturesSource(d.Count, d.Side, d.Seed),
                d.TestCount > 0 ? new DigitPicturesSource(d.TestCount, d.Side, d.Seed, Test: true) : null),
            _ => throw new NotSupportedException($"data of type {spec.Data.GetType().Name}"),
        };

        string File(string name) => DataFolder.Resolve(name, folder);

        CsvSource Csv(CsvDataSpec d, string file) => new(File(file), d.Classes)
        {
            Header = d.Header,
            Label = d.Label,
            Drop = d.Drop ?? ImmutableArray<string>.Empty,
            LabelNames = d.LabelNames ?? ImmutableArray<string>.Empty,
            LabelMap = labels,
        };
    }

    private static (DataSource Train, DataSource? Test) Mixture(MixtureDataSpec d, LabelMap labels)
    {
        var train = new GaussianMixtureSource(d.Count, d.Features, d.Classes, d.Separation, d.Seed) { LabelMap = labels };
        return (train, d.TestCount > 0 ? train with { First = d.Count, Count = d.TestCount } : null);
    }
}
