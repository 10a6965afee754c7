using System.Runtime.InteropServices;
using Sidestep.Training.Tests.Objectives;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.External;

public sealed class ExecProgramTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidestep-exec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shipped_sample_computes_what_softmax_computes()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        foreach (var sparse in new[] { false, true })
        {
            var batch = Rows(17, features: 5, classes: 3, sparse);
            using var program = ExecProgram.Start(Python.Sample("grad.py"), 5, 3);
            var (ours, theirs) = (new Softmax(5, 3, 0, KernelChoice.Managed), program.Create());
            Assert.Equal(ours.Shape.Length, theirs.Shape.Length);
            var model = new float[ours.Shape.Length];
            var rng = new Rng(3, Purpose.Test, 0, 0, 0);
            for (var i = 0; i < model.Length; i++)
            {
                model[i] = (float)rng.NextGaussian();
            }

            float[] a = new float[model.Length], b = new float[model.Length];
            Assert.Equal(ours.Gradient(batch, model, a, default), theirs.Gradient(batch, model, b, default), 1e-4);
            Assert.All(a.Zip(b), p => Assert.Equal(p.First, p.Second, 1e-4));
            Metrics mine = new(), other = new();
            ours.Evaluate(batch, model, mine);
            theirs.Evaluate(batch, model, other);
            Assert.Equal(mine["accuracy"], other["accuracy"]);
            Assert.Equal(mine["loss"].Sum, other["loss"].Sum, 1e-4);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_the_same_bytes_through_memory_and_through_pipes(bool sparse)
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        var command = Python.Script(_folder, Children.Means);
        using var shared = ExecProgram.Start(command, 9, 4);
        using var piped = ExecProgram.Start(command with { SharesMemory = false }, 9, 4);
        using var refused = ExecProgram.Start(command with { Words = [.. command.Words, "unmappable"] }, 9, 4);
        var objectives = new[] { shared.Create(), piped.Create(), refused.Create() };
        var start = objectives.Select(o => Start(o, 9)).ToArray();
        Assert.All(start, s => Assert.Equal(start[0], s));
        foreach (var count in new[] { 1, 3, 6000, 2 })
        {
            var batch = Rows(count, features: 9, classes: 4, sparse);
            var sums = objectives.Select(o => Sum(o, batch, start[0])).ToArray();
            Assert.All(sums, s => Assert.Equal(sums[0], s));
            Assert.True(sums[0].Loss > 0);
        }
    }

    [Fact]
    public void Gradient_is_added_and_parameters_are_new_to_the_child_only_when_they_are()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "measures"), 2, 3);
        var objective = program.Create();
        var batch = new Batch
        {
            Count = 2,
            Features = 2,
            Values = new float[] { 1, 2, 3, 4 },
            Labels = new float[] { 0, 0 },
            Numbers = new long[] { 7, 9 },
            Partition = 3,
            Round = 12,
        };
        float[] model = [0.5f, 1], sum = [10, 20];
        Assert.Equal((0.25 + 6.25 + 1 + 9) / 2, objective.Gradient(batch, model, sum, default), 1e-9);
        Assert.Equal([7f, 16f], sum);
        Assert.Equal(1, Measure("stamp"));
        objective.Gradient(batch, [0.5f, 1], sum, default);
        Assert.Equal(1, Measure("stamp"));
        model = [0.5f, -0f];
        Assert.Equal(2, Measure("stamp"));
        model = [0.5f, 0f];
        Assert.Equal(3, Measure("stamp"));
        Assert.Equal(16, Measure("rows"));
        Assert.Equal((12, 3, 3), (Measure("round"), Measure("partition"), Measure("classes")));
        batch = batch with { Numbers = default };
        Assert.Equal((-1, -1, 0), (Measure("round"), Measure("partition"), Measure("rows")));

        double Measure(string name)
        {
            var metrics = new Metrics();
            objective.Evaluate(batch, model, metrics);
            return metrics[name].Sum;
        }
    }

    [Fact]
    public void Callers_at_the_same_time_have_a_child_each_and_later_ones_find_them_warm()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means), 3, 0);
        var batch = Rows(5, 3, 2, sparse: false);
        var expected = Sum(program.Create(), batch, new float[3]);
        Assert.Single(program.ProcessIds);
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 3 }, _ => Assert.Equal(expected, Sum(program.Create(), batch, new float[3])));
        Assert.InRange(program.ProcessIds.Count, 1, 3);
    }

    [Fact]
    public void Children_end_with_their_program()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        var program = ExecProgram.Start(Python.Script(_folder, Children.Means), 3, 0);
        var id = Assert.Single(program.ProcessIds);
        using var child = System.Diagnostics.Process.GetProcessById(id);
        var objective = program.Create();
        program.Dispose();
        Assert.True(child.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Throws<ObjectDisposedException>(() => objective.Gradient(Rows(1, 3, 2, false), new float[3], new float[3], default));
    }

    [Theory]
    [InlineData("good", true)]
    [InlineData("noise", false)]
    [InlineData("pid", false)]
    [InlineData("drift", false)]
    public void Probe_tells_programs_that_repeat_themselves_from_those_that_do_not(string mode, bool repeats)
    {
        if (Python.IsThere(output))
        {
            using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, mode), 4, 2);
            Assert.Equal(repeats, program.Repeats(Rows(6, 4, 2, sparse: false), seed: 5));
        }
    }

    [Fact]
    public void Gradients_allocate_nothing_once_warm()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means), 30, 2);
        using var stop = new CancellationTokenSource();
        var (objective, batch, model, sum) = (program.Create(), Rows(4, 30, 2, sparse: false), new float[30], new float[30]);
        for (var i = 0; i < 20; i++)
        {
            objective.Gradient(batch, model, sum, stop.Token);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
        {
            model[0]++;
            objective.Gradient(batch, model, sum, stop.Token);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    internal static Batch Rows(int count, int features, int classes, bool sparse)
    {
        var rng = new Rng(11, Purpose.Test, 0, 0, count);
        var dense = new float[count * features];
        for (var i = 0; i < dense.Length; i++)
        {
            dense[i] = rng.Next(3) == 0 ? 0 : (float)rng.NextGaussian();
        }

        var labels = new float[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = rng.Next(classes);
        }

        if (!sparse)
        {
            return new Batch { Count = count, Features = features, Values = dense, Labels = labels };
        }

        var starts = new int[count + 1];
        var columns = new List<int>();
        for (var i = 0; i < dense.Length; i++)
        {
            if (dense[i] != 0)
            {
                columns.Add(i % features);
                starts[(i / features) + 1]++;
            }
        }

        for (var i = 0; i < count; i++)
        {
            starts[i + 1] += starts[i];
        }

        return new Batch { Count = count, Features = features, Values = dense.Where(v => v != 0).ToArray(), Labels = labels, RowStarts = starts, Columns = columns.ToArray() };
    }

    private static float[] Start(IObjective objective, ulong seed)
    {
        var model = new float[objective.Shape.Length];
        objective.Initialize(new Rng(seed, Purpose.Initialize, -1, 0, 0), model);
        return model;
    }

    private static (double Loss, string Bytes) Sum(IObjective objective, Batch batch, float[] model)
    {
        var sum = new float[model.Length];
        var loss = objective.Gradient(batch, model, sum, default);
        return (loss, Convert.ToHexString(MemoryMarshal.AsBytes<float>(sum)));
    }
}
