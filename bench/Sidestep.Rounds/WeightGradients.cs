using System.Diagnostics;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>A worker's time for the weight gradient of one 1,024 × 1,024 layer: uncoded, and as a sum of two of K = 4 blocks cut by rows, columns or both.</summary>
/// <remarks>Timed is <see cref="IShareWork{T}.Write"/> after forward pass and δ are there: coding the factors and the product that is left. Uncoded and coded
/// take turns, so that neither has the quieter machine; told is the fastest of each, which other processes disturb least.</remarks>
internal static class WeightGradients
{
    private const int Width = 1024;
    private const int Parts = 4;
    private static readonly float _weight = MathF.Sqrt(0.5f);

    public static void Report(int samples, int repeats)
    {
        var data = new GaussianMixtureSource(1024, Width, 10, 3.0, 1) { LabelMap = LabelMap.ClassesFromZero };
        var dataset = DataCache.Open(data, Path.Combine(Path.GetTempPath(), "sidestep-rounds"));
        foreach (var kernels in (KernelChoice[])[KernelChoice.Managed, KernelChoice.Auto])
        {
            Console.WriteLine($"weight gradient of a {Width} × {Width} layer, {samples} samples, {MatrixProduct.Create(kernels).NumericClass}:");
            var uncoded = Open(dataset, samples, kernels, 1, 1);
            foreach (var (name, rows, columns) in ((string, int, int)[])[("rows", Parts, 1), ("columns", 1, Parts), ("both", 2, 2)])
            {
                Compare(name, uncoded, Open(dataset, samples, kernels, rows, columns), repeats);
            }
        }
    }

    private static void Compare(string cut, (Action Write, int Floats) uncoded, (Action Write, int Floats) coded, int repeats)
    {
        double[] whole = new double[repeats], part = new double[repeats];
        for (var i = -3; i < repeats; i++)
        {
            var (first, second) = (Time(uncoded.Write), Time(coded.Write));
            if (i >= 0)
            {
                (whole[i], part[i]) = (first, second);
            }
        }

        var (a, b) = (whole.Min(), part.Min());
        Console.WriteLine(
            $"  K = {Parts}, weight 2, cut by {cut}: {b:0.000} ms, uncoded {a:0.000} ms, ratio {b / a:0.000}; bytes {coded.Floats * sizeof(float):N0} of {uncoded.Floats * sizeof(float):N0}");
    }

    // A worker that has gone through both passes, and one row of its first layer.
    private static (Action Write, int Floats) Open(Dataset dataset, int samples, KernelChoice kernels, int rowParts, int columnParts)
    {
        Perceptron Network() => new(Width, [Width], 10, Activation.Relu, 0, kernels);
        var network = Network();
        var layout = NetworkLayouts.Layers(network, rowParts, columnParts);
        var (first, item) = (layout.Parts, new Item<float>(0, [(0, 1f)]));
        Term<float>[] terms = layout.Parts == 1 ? [new(0, first, 1f)] : [new(0, first, _weight), new(0, first + 1, _weight)];
        var table = new CodeTable<float>(1, 1, layout.Count(network.Shape), [item], [new Row<float>(0, [.. terms])]);
        var work = new NetworkDerivatives(Network, layout, () => dataset.Rows(1), BatchPlan.For(dataset, 1, samples, 1), kernels).Open(0, table, layout);
        var model = new float[network.Shape.Length];
        network.Initialize(new Rng(1, Purpose.Initialize, 0, 0, 0), model);
        var share = new float[layout.Length(first, network.Shape)];
        work.Begin(0, model);
        work.Next(out var row, CancellationToken.None);
        work.Write(row, share);
        return (() => work.Write(row, share), share.Length);
    }

    private static double Time(Action write)
    {
        var began = Stopwatch.GetTimestamp();
        write();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
