using System.Globalization;
using System.Runtime.InteropServices;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Holds an objective against its own loss and against the laws of the contract, on real rows of the spec's data.</summary>
/// <remarks>Gradient: central differences of the summed loss in double, along three gradient-weighted and three even random directions and up to six
/// coordinates of every tensor. Laws: a gradient is added to what is there; equal calls give equal bytes, on one instance with other calls between and
/// on a second instance; the gradient of a batch is the sum of its parts'; loss and gradient are finite; <see cref="IObjective.Evaluate"/> reports the
/// same loss. Cost: about 200 gradients of the batch per tensor.
/// <code>var report = await ObjectiveCheck.RunAsync(trainer.Load("run.json"));
/// Console.WriteLine(report.Ok ? "sound" : "do not train with it");</code></remarks>
public static class ObjectiveCheck
{
    /// <summary>Checks the objective of a spec.</summary>
    /// <param name="spec">The spec; only its objective, data, kernels and seed are used.</param>
    /// <param name="samples">Samples of the batch; fewer if there are not so many.</param>
    /// <param name="tolerance">Relative error of a slope that is accepted.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SidestepException">The data or the objective cannot be opened, or the objective failed.</exception>
    public static async Task<ObjectiveReport> RunAsync(ResolvedSpec spec, int samples = 32, double tolerance = 1e-2, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        var data = DataSets.Open(spec, stop).Train;
        using var program = spec.Spec.Objective is ExecSpec exec ? ExecPrograms.Start(exec, spec.Folder, data) : null;
        var maker = program is null ? Objectives.Of(spec, data, RunPlanner.Kernels(spec.Spec.Kernels)) : program.Create;
        var count = (int)Math.Min(samples, data.Count);

        // Spread over the set: files are often sorted by class.
        long[] numbers = [.. Enumerable.Range(0, count).Select(i => i * data.Count / count)];
        var batch = await data.Rows(1).ReadAsync(0, numbers, stop).ConfigureAwait(false);
        using var bench = new ObjectiveBench(maker, batch with { Numbers = numbers }, spec.Spec.Seed, stop);
        return Report(spec, bench, tolerance, stop) with { Network = NetworkTable.Of(maker(), spec.Spec.Samples) };
    }

    private static ObjectiveReport Report(ResolvedSpec spec, ObjectiveBench bench, double tolerance, CancellationToken stop)
    {
        var shape = bench.Shape;
        var (loss, gradient) = bench.Gradient();
        List<LawCheck> laws = [Finite(loss, gradient, shape)];
        var tensors = new List<TensorCheck>();
        var isDeterministic = false;
        if (laws[0].Ok)
        {
            var repeat = Repeats(bench, loss, gradient);
            isDeterministic = repeat.Ok;
            laws.AddRange([Adds(bench, gradient), Sums(bench, loss, gradient), Evaluates(bench, loss), repeat]);
            var probe = new TensorProbe(new SlopeProbe(bench.LossAt, bench.Point, gradient), bench.Point, gradient, tolerance);
            for (var tensor = 0; tensor < shape.Tensors.Length; tensor++)
            {
                stop.ThrowIfCancellationRequested();
                tensors.Add(probe.Check(shape.Tensors[tensor], shape.Offset(tensor), new Rng(spec.Spec.Seed, Purpose.Test, 0, tensor, 0)));
            }
        }

        var sound = laws.All(l => l.Ok || !l.Needed) && tensors.All(t => t.Ok);
        return new ObjectiveReport(
            KindOf(spec),
            shape.Length,
            bench.Samples,
            double.IsFinite(loss) ? loss / bench.Samples : null,
            isDeterministic,
            tensors.Max(t => t.RelativeError),
            tensors,
            laws,
            sound);
    }

    private static LawCheck Finite(double loss, float[] gradient, ModelShape shape)
    {
        var bad = Array.FindIndex(gradient, g => !float.IsFinite(g));
        if (bad < 0)
        {
            return new("finite", double.IsFinite(loss), true, Text($"the summed loss is {loss:G6}"));
        }

        var tensor = Enumerable.Range(0, shape.Tensors.Length).Last(t => shape.Offset(t) <= bad);
        return new("finite", false, true, Text($"element {bad - shape.Offset(tensor)} of {shape.Tensors[tensor].Name}'s gradient is {gradient[bad]}"));
    }

    private static LawCheck Adds(ObjectiveBench bench, float[] gradient)
    {
        const float Before = 1;
        var (_, onTop) = bench.Gradient(Before);
        var error = Distance(onTop, i => gradient[i] + Before) / (Norms.L2(gradient) + Math.Sqrt(gradient.Length));
        return new("adds to the sum", error < 1e-5, true, error < 1e-5
            ? "what was in the vector is still in it"
            : Text($"the vector held {Before} everywhere; relative error {error:G3}: Gradient must add (+=), not overwrite"));
    }

    private static LawCheck Sums(ObjectiveBench bench, double loss, float[] gradient)
    {
        var half = bench.Samples / 2;
        var (firstLoss, first) = bench.Gradient(count: half);
        var (secondLoss, second) = bench.Gradient(start: half, count: bench.Samples - half);
        var error = Distance(gradient, i => (double)first[i] + second[i]) / Math.Max(Norms.L2(gradient), 1e-30);
        var lossError = Math.Abs(loss - firstLoss - secondLoss) / Math.Max(Math.Abs(loss), 1e-30);
        var isSum = error < 1e-3 && lossError < 1e-4;
        return new("sum over samples", isSum, true, Text($"two halves against the whole: gradient {error:G3}, loss {lossError:G3}")
            + (isSum ? string.Empty : "; Gradient must give sums, not means, and samples must not depend on their neighbours"));
    }

    private static LawCheck Evaluates(ObjectiveBench bench, double loss)
    {
        var measured = bench.EvaluatedLoss();
        var error = Math.Abs(measured - (loss / bench.Samples)) / Math.Max(Math.Abs(loss / bench.Samples), 1e-30);
        return new("evaluation", error < 1e-3, false, double.IsNaN(measured)
            ? "Evaluate adds no \"loss\": runs report the training loss only"
            : Text($"Evaluate's mean loss is {measured:G6}, Gradient's {loss / bench.Samples:G6}"));
    }

    private static LawCheck Repeats(ObjectiveBench bench, double loss, float[] gradient)
    {
        _ = bench.Gradient(count: 1);
        var (lossAgain, again) = bench.Gradient();
        var (lossOther, other) = bench.Gradient(another: true);
        var here = lossAgain.Equals(loss) && Same(again, gradient);
        var there = lossOther.Equals(loss) && Same(other, gradient);
        return new("deterministic", here && there, false, (here, there) switch
        {
            (true, true) => "equal calls gave equal bytes",
            (false, _) => "the same call gave other bytes the second time: runs are approximate (class E2), hashes mean nothing",
            _ => "a second instance gave other bytes: workers do not agree, runs are approximate (class E2)",
        });
    }

    private static string KindOf(ResolvedSpec spec) =>
        System.Text.Json.Nodes.JsonNode.Parse(spec.Json)!["objective"]!["kind"]!.GetValue<string>();

    private static bool Same(float[] left, float[] right) =>
        MemoryMarshal.AsBytes<float>(left).SequenceEqual(MemoryMarshal.AsBytes<float>(right));

    private static double Distance(float[] values, Func<int, double> expected)
    {
        double squares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            squares += (values[i] - expected(i)) * (values[i] - expected(i));
        }

        return Math.Sqrt(squares);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
