using System.Globalization;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>Where a gradient of the convolutional net spends its time: each layer alone, one thread, best of many.</summary>
internal static class LayerTimes
{
    private const int Repeats = 60;

    public static void Report(int samples)
    {
        var network = StepBesideTorch.Convolutional();
        var product = MatrixProduct.Create(KernelChoice.Auto);
        foreach (var (i, placed) in network.Layers.Index())
        {
            var pass = placed.Layer.Open(placed.Input, product);
            float[] input = Random(i, samples * placed.Input.Length), output = Random(i + 10, samples * placed.Output.Length);
            float[] delta = Random(i + 20, output.Length), inputDelta = placed.Layer.IsInPlace ? delta : new float[input.Length];
            float[] parameters = Random(i + 30, placed.Parameters), sum = new float[placed.Parameters];
            LayerState State(float[] d) => new()
            {
                Samples = samples,
                Parameters = parameters,
                Input = placed.Layer.IsInPlace ? output : input,
                Output = output,
                Delta = d,
            };
            var forward = Best(() => pass.Forward(State([])));
            var back = Best(() => pass.Backward(State(delta), i > 0 ? inputDelta : []));
            var gradients = placed.Tensors.Select((t, j) => Best(() => pass.AddGradient(j, State(delta), sum.AsSpan(0, t.Dimensions.Aggregate(1, (a, b) => a * b)))));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i} {placed.Layer.Kind,-12} forward {forward,7:0.000} ms, δ {back,7:0.000} ms, gradients {string.Join(" + ", gradients.Select(g => g.ToString("0.000", CultureInfo.InvariantCulture)))}"));
        }
    }

    private static double Best(Action action)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            action();
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return best;
    }

    private static float[] Random(int seed, int length)
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        return values;
    }
}
