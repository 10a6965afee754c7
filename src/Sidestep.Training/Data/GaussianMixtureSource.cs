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

    private const int BlockValues = 1 << 17;

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
        Check();
        var fromZero = LabelMap == LabelMap.Classes || (LabelMap == LabelMap.Auto && Classes > 2);
        writer.Begin(Name(), Features, Classes, RowFormat.Floats, fromZero ? LabelMap.ClassesFromZero : LabelMap);
        Generate(
            block =>
            {
                writer.AddRows(block.Values.AsSpan(0, block.Rows * Features), block.Labels.AsSpan(0, block.Rows));
                writer.Reached(writer.Count, Count);
            },
            _ => { },
            stop);
    }

    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    internal void Check()
    {
        if (Count < 1 || Features < 1 || Classes < 2 || First < 0 || !(double.IsFinite(Separation) && Separation >= 0))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name()}: Count {Count}, Features {Features}, Classes {Classes}, Separation {Separation}, First {First}; at least 1, 1, 2, 0 and 0"));
        }
    }

    /// <summary>Generates blocks of rows with all cores.</summary>
    /// <param name="take">Takes the blocks, in order.</param>
    /// <param name="work">What else is to be done with a block, on any core.</param>
    /// <param name="stop">Checked for every block.</param>
    internal void Generate(Action<MixtureBlock> take, Action<MixtureBlock> work, CancellationToken stop)
    {
        var centres = Centres();
        var size = Math.Max(1, BlockValues / Features);
        long next = 0;
        OrderedWork.Run(
            () => new MixtureBlock(new float[size * Features], new float[size]),
            block =>
            {
                (block.First, block.Rows) = (First + next, (int)Math.Min(size, Count - next));
                next += block.Rows;
                return block.Rows > 0;
            },
            block =>
            {
                Fill(block, centres);
                work(block);
            },
            take,
            stop);
    }

    private void Fill(MixtureBlock block, double[] centres)
    {
        for (var i = 0; i < block.Rows; i++)
        {
            var rng = new Rng(Seed, Purpose.Data, RowSlot, (block.First + i) >> 32, block.First + i);
            var label = rng.Next(Classes);
            var centre = centres.AsSpan(label * Features, Features);
            var row = block.Values.AsSpan(i * Features, Features);
            for (var f = 0; f < row.Length; f++)
            {
                row[f] = (float)(centre[f] + rng.NextGaussian());
            }

            block.Labels[i] = label;
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

/// <summary>Generated rows. Reused.</summary>
internal sealed class MixtureBlock(float[] values, float[] labels)
{
    internal long First { get; set; }

    internal int Rows { get; set; }

    internal float[] Values { get; } = values;

    internal float[] Labels { get; } = labels;

    /// <summary>The rows as text, if somebody wrote it.</summary>
    internal byte[] Text { get; set; } = [];

    internal int TextLength { get; set; }
}
