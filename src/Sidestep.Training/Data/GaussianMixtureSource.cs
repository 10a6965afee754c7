using System.Globalization;

namespace Sidestep.Training;

/// <summary>Generated rows, one Gaussian cloud a class: x = s·c + z with c uniform on the unit sphere (drawn once a class) and z standard normal. Needs no files.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Features">Features per row.</param>
/// <param name="Classes">Number of classes, at least 2; every row's class is drawn uniformly.</param>
/// <param name="Separation">s, the distance of a class centre from the origin in standard deviations; 4 is easy, 1 is hard.</param>
/// <param name="Seed">Every row is a pure function of the seed and its number.</param>
/// <remarks>Train and test rows from one mixture: the same seed and another <see cref="First"/>.
/// <code>var train = new GaussianMixtureSource(10_000, 50, 2, 2.0, Seed: 1);
/// var test = train with { First = 10_000, Count = 2_000 };</code></remarks>
public sealed record GaussianMixtureSource(int Count, int Features, int Classes, double Separation, ulong Seed) : DataSource
{
    // The slots keep centres and rows of one seed apart.
    private const int CentreSlot = 0;
    private const int RowSlot = 1;

    /// <summary>Number of the first row.</summary>
    public long First { get; init; }

    /// <summary>How the class becomes a label.</summary>
    public LabelMap LabelMap { get; init; } = LabelMap.Auto;

    /// <inheritdoc/>
    public override string Name() => string.Create(CultureInfo.InvariantCulture, $"mixture-{Classes}x{Features}");

    /// <inheritdoc/>
    public override string Options() => string.Create(
        CultureInfo.InvariantCulture, $"mixture|{Count}|{Features}|{Classes}|{Separation:R}|{Seed}|{First}|{LabelMap}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        if (Count < 1 || Features < 1 || Classes < 2 || First < 0 || !(double.IsFinite(Separation) && Separation >= 0))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name()}: Count {Count}, Features {Features}, Classes {Classes}, Separation {Separation}, First {First}; at least 1, 1, 2, 0 and 0"));
        }

        var centres = Centres();
        var row = new float[Features];
        var fromZero = LabelMap == LabelMap.Classes || (LabelMap == LabelMap.Auto && Classes > 2);
        writer.Begin(Name(), Features, Classes, RowFormat.Floats, fromZero ? LabelMap.ClassesFromZero : LabelMap);
        for (long i = 0; i < Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var rng = new Rng(Seed, Purpose.Data, RowSlot, (First + i) >> 32, First + i);
            var label = rng.Next(Classes);
            for (var f = 0; f < row.Length; f++)
            {
                row[f] = (float)(centres[(label * Features) + f] + rng.NextGaussian());
            }

            writer.Add(row, label);
        }
    }

    private double[] Centres()
    {
        var centres = new double[checked(Classes * Features)];
        for (var c = 0; c < Classes; c++)
        {
            var rng = new Rng(Seed, Purpose.Data, CentreSlot, 0, c);
            var centre = centres.AsSpan(c * Features, Features);
            double squares = 0;
            foreach (ref var value in centre)
            {
                value = rng.NextGaussian();
                squares += value * value;
            }

            var scale = Separation / Math.Sqrt(squares);
            foreach (ref var value in centre)
            {
                value *= scale;
            }
        }

        return centres;
    }
}
