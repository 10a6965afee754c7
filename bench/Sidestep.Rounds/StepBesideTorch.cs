using System.Globalization;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>A training step of two small nets on Fashion-MNIST's sizes, batch 64, two threads, beside PyTorch doing the same step.</summary>
internal static class StepBesideTorch
{
    private const int Samples = 64;
    private const int StepsOfATurn = 10;

    public static int Report(string interpreter, int turns)
    {
        using var torch = TorchStep.Start(interpreter);
        if (torch is null)
        {
            Console.Error.WriteLine($"{interpreter} has no PyTorch; give another interpreter");
            return 1;
        }

        Compare(torch, "conv", Convolutional, turns);
        Compare(torch, "perceptron", () => new Perceptron(784, [128], 10, Activation.Relu, 0), turns);
        return 0;
    }

    public static Network Convolutional() => new(
        new MapShape(28, 28, 1),
        [
            new Convolution(16, 3, Padding: 1), new Relu(), new MaxPooling(2),
            new Convolution(32, 3, Padding: 1), new Relu(), new MaxPooling(2),
            new Flatten(), new Dense(10),
        ],
        new ClassLoss(10));

    private static void Compare(TorchStep torch, string name, Func<IObjective> objective, int turns)
    {
        using var ours = new TwoThreads(objective, 784, Samples);
        List<double> here = [], there = [];
        Run(ours);
        torch.Run(name, StepsOfATurn);

        // The two take turns, so that neither has the quieter machine; a rest before each, so that the other's threads sleep.
        for (var turn = 0; turn < turns; turn++)
        {
            Thread.Sleep(20);
            here.AddRange(Run(ours));
            Thread.Sleep(20);
            there.AddRange(torch.Run(name, StepsOfATurn));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step of {name}, batch {Samples}, two threads: {Median(here):0.00} ms (best {here.Min():0.00}), PyTorch {torch.Version} {Median(there):0.00} ms (best {there.Min():0.00}), ratio {Median(here) / Median(there):0.00} (of the best {here.Min() / there.Min():0.00})"));
    }

    private static double[] Run(TwoThreads ours)
    {
        var times = new double[StepsOfATurn];
        for (var i = 0; i < times.Length; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            ours.Step();
            times[i] = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        }

        return times;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
