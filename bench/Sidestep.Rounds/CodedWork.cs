using System.Diagnostics;
using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>A worker's time for one round of the perceptron: uncoded, and as a pair line with K = 4; the weight gradients' part is the difference to the forward and δ passes.</summary>
internal static class CodedWork
{
    public static void Report(int samples)
    {
        var data = new GaussianMixtureSource(4096, 784, 10, 3.0, 1) { LabelMap = LabelMap.ClassesFromZero };
        var dataset = DataCache.Open(data, Path.Combine(Path.GetTempPath(), "sidestep-rounds"));
        var batches = BatchPlan.For(dataset, 1, samples, 1);
        Perceptron Model() => new(784, [128], 10, Activation.Relu, 0);
        var uncoded = new PartitionGradients(Model, () => dataset.Rows(1), batches);
        var layout = new PerLayerLayout(4);
        var coded = new NetworkDerivatives(Model, layout, () => dataset.Rows(1), batches);
        var model = new float[Model().Shape.Length];
        Model().Initialize(new Rng(1, Purpose.Initialize, 0, 0, 0), model);
        var whole = Time(uncoded.Open(0, UncodedCode.Create(1).Table, BlockLayout.Whole), model, model.Length);
        var code = PairLinesCode.Create(4);
        var part = Time(coded.Open(0, code.Table, layout), model, layout.Length(0, Model().Shape));
        Console.WriteLine($"pair-lines, K = 4, {samples} samples: a worker's round {part:0.000} ms, uncoded {whole:0.000} ms, ratio {part / whole:0.00}; bytes up {4 * layout.Length(0, Model().Shape):N0} of {4 * model.Length:N0}");
    }

    private static double Time(IShareWork<float> work, float[] model, int length)
    {
        var share = new float[length];
        var times = new double[200];
        for (var round = 0; round < times.Length; round++)
        {
            var began = Stopwatch.GetTimestamp();
            work.Begin(round, model);
            work.Next(out var row, CancellationToken.None);
            work.Write(row, share);
            times[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }
}
