using System.Globalization;
using Sidestep;
using Sidestep.Hosting;
using Sidestep.Training;

namespace NAMESPACE;

/// <summary>The keys of <c>"data": { "kind": "spirals", … }</c> in a spec.</summary>
public sealed record SpiralsParameters(int Count, double Noise = 0.05, ulong Seed = 1, int TestCount = 0);

/// <summary>Your own data: points on two spirals, one a class. Rows may as well be read from files: see <see cref="DataSource.Files"/>.</summary>
public sealed record Spirals(long First, int Count, double Noise, ulong Seed) : DataSource
{
    public static TrainingData Open(DataContext context, SpiralsParameters p) => new(
        context.Open(new Spirals(0, p.Count, p.Noise, p.Seed)),
        p.TestCount == 0 ? null : () => context.Open(new Spirals(p.Count, p.TestCount, p.Noise, p.Seed)));

    public override string Name() => "spirals";

    // Everything that changes the rows: they are decoded once, into a file that all processes share, and found again by this text.
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"{First}|{Count}|{Noise:R}|{Seed}");

    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        writer.Begin(Name(), features: 2, classes: 2, RowFormat.Floats, LabelMap.Kept);
        Span<float> point = stackalloc float[2];
        for (var i = 0L; i < Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var rng = new Rng(Seed, Purpose.Data, slot: 0, round: 0, index: First + i);
            var spiral = rng.Next(2);
            var turn = rng.NextDouble();
            var angle = (turn * 3 * Math.PI) + (spiral * Math.PI);
            point[0] = (float)((turn * Math.Cos(angle)) + (Noise * rng.NextGaussian()));
            point[1] = (float)((turn * Math.Sin(angle)) + (Noise * rng.NextGaussian()));
            writer.Add(point, spiral);
        }
    }
}
