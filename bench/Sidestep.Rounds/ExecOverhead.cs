using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using Sidestep.Training;

namespace Sidestep.Rounds;

/// <summary>What a gradient by another program costs more than the same gradient in this process: new parameters in, gradient out, a trivial loss.</summary>
internal static class ExecOverhead
{
    private const string Child = """
        import sidestep_exec

        class Copy:
            overwrites = True

            def tensors(self, features, classes):
                return [("weight", [features])]

            def gradient(self, rows, parameters, gradient):
                gradient[:] = parameters
                return 0.0

        sidestep_exec.serve(Copy())
        """;

    public static void Report(string interpreter, int floats, int calls)
    {
        var folder = Directory.CreateTempSubdirectory("sidestep-exec-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "child.py"), $"import sys\nsys.path.insert(0, '{Samples()}')\n{Child}\n");
        var command = new ExecCommand([interpreter, "child.py"], folder);
        using var shared = ExecProgram.Start(command, floats, 0);
        using var piped = ExecProgram.Start(command with { SharesMemory = false }, floats, 0);
        var objectives = ImmutableArray.Create(new CopyObjective(floats), shared.Create(), piped.Create());
        var times = objectives.Select(_ => new List<double>()).ToArray();
        var (model, sum) = (new float[floats], new float[floats]);
        var batch = new Batch { Count = 1, Features = 1, Values = new float[1], Labels = new float[1] };

        // The three take turns, so that none has the quieter machine.
        for (var call = 0; call < calls; call++)
        {
            for (var i = 0; i < objectives.Length; i++)
            {
                model[0]++;
                var began = TimeProvider.System.GetTimestamp();
                objectives[i].Gradient(batch, model, sum, default);
                times[i].Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var medians = times.Select(t => t.Skip(calls / 4).Order().ElementAt((calls - (calls / 4)) / 2)).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"gradient of {floats:N0} floats: in this process {medians[0]:0.00} ms, exec {medians[1]:0.00} ms (overhead {medians[1] - medians[0]:0.00} ms), through pipes {medians[2]:0.00} ms"));
        Directory.Delete(folder, recursive: true);
    }

    private static string Samples()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Sidestep.slnx")))
            {
                return Path.Combine(folder, "samples", "exec");
            }
        }

        throw new InvalidOperationException("the benchmark runs inside the repository");
    }

    // The same trivial loss: the gradient is the parameters.
    private sealed class CopyObjective(int length) : IObjective
    {
        public ModelShape Shape { get; } = ModelShape.Flat(length);

        public void Initialize(Rng rng, Span<float> model) => model.Clear();

        public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
        {
            TensorPrimitives.Add(sum, model, sum);
            return 0;
        }

        public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
        {
        }
    }
}
