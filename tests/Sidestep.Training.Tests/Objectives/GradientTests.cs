using System.Collections.Immutable;

namespace Sidestep.Training.Tests.Objectives;

public sealed class GradientTests
{
    private const int Count = 23;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var name in new[] { "least-squares", "logistic", "softmax", "relu", "tanh", "deep-relu", "deep-tanh" })
            {
                for (var seed = 1; seed <= 3; seed++)
                {
                    cases.Add(name, seed);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_gradient_equals_central_differences(string name, int seed)
    {
        var (_, reference, batch, start) = Make(name, seed, KernelChoice.Managed);
        var model = Samples.Wide(start);
        var gradient = new double[model.Length];
        reference.Gradient(batch, model, gradient);
        var differences = new double[model.Length];
        const double H = 2e-5;
        for (var i = 0; i < model.Length; i++)
        {
            var at = model[i];
            model[i] = at + H;
            var above = reference.Loss(batch, model);
            model[i] = at - H;
            differences[i] = (above - reference.Loss(batch, model)) / (2 * H);
            model[i] = at;
        }

        Assert.InRange(Samples.Distance(differences, gradient), 0, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_and_loss_equal_the_double_reference(string name, int seed)
    {
        foreach (var kernels in new[] { KernelChoice.Managed, KernelChoice.Auto })
        {
            var (objective, reference, batch, model) = Make(name, seed, kernels);
            var expected = new double[model.Length];
            var expectedLoss = reference.Gradient(batch, Samples.Wide(model), expected);
            foreach (var view in new[] { batch, Samples.Sparse(batch) })
            {
                var sum = new float[model.Length];
                var loss = objective.Gradient(view, model, sum, default);
                Assert.InRange(Samples.Distance(Samples.Wide(sum), expected), 0, 1e-6);
                Assert.Equal(expectedLoss, loss, 1e-6 * expectedLoss);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_is_added_and_parts_sum_to_the_whole(string name, int seed)
    {
        var (objective, _, batch, model) = Make(name, seed, KernelChoice.Auto);
        var whole = new float[model.Length];
        var loss = objective.Gradient(batch, model, whole, default);
        var parts = new float[model.Length];
        var partLoss = objective.Gradient(BatchCheck.Slice(batch, 0, 9), model, parts, default);
        partLoss += objective.Gradient(BatchCheck.Slice(batch, 9, Count - 9), model, parts, default);
        Assert.InRange(Samples.Distance(Samples.Wide(parts), Samples.Wide(whole)), 0, 1e-6);
        Assert.Equal(loss, partLoss, 1e-6 * loss);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluated_loss_is_the_loss_that_is_trained(string name, int seed)
    {
        var (objective, _, batch, model) = Make(name, seed, KernelChoice.Auto);
        var metrics = new Metrics();
        objective.Evaluate(batch, model, metrics);
        var loss = objective.Gradient(batch, model, new float[model.Length], default);
        Assert.Equal(loss, metrics["loss"].Sum, 1e-9 * loss);
        Assert.Equal(Count, metrics["loss"].Count);
        Assert.Equal(name != "least-squares", metrics.Has("accuracy"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_allocates_nothing_once_warm(string name, int seed)
    {
        var (objective, _, batch, model) = Make(name, seed, KernelChoice.Auto);
        var sparse = Samples.Sparse(batch);
        var sum = new float[model.Length];
        objective.Gradient(batch, model, sum, default);
        objective.Gradient(sparse, model, sum, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        objective.Gradient(batch, model, sum, default);
        objective.Gradient(sparse, model, sum, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (IObjective Objective, DoubleObjective Reference, Batch Batch, float[] Model) Make(string name, int seed, KernelChoice kernels)
    {
        const int Features = 11;
        const double L2 = 0.03;
        ImmutableArray<int> hidden = name.StartsWith("deep", StringComparison.Ordinal) ? [9, 7, 6] : [13];
        var activation = name.EndsWith("relu", StringComparison.Ordinal) ? Activation.Relu : Activation.Tanh;
        (IObjective Objective, DoubleObjective Reference, Func<int, float> Label) parts = name switch
        {
            "least-squares" => (new LeastSquares(Features, L2), DoubleObjective.LeastSquares(Features, L2), i => (i % 7) - 2.5f),
            "logistic" => (new Logistic(Features, L2), DoubleObjective.Logistic(Features, L2), i => i % 3 == 0 ? -1 : 1),
            "softmax" => (new Softmax(Features, 5, L2, kernels), DoubleObjective.Network([Features, 5], L2, activation), i => i % 5),
            _ => (new Perceptron(Features, hidden, 5, activation, L2, kernels), DoubleObjective.Network([Features, .. hidden, 5], L2, activation), i => i % 5),
        };
        var model = new float[parts.Objective.Shape.Length];
        parts.Objective.Initialize(Samples.Rng(seed), model);
        var noise = Samples.Gaussian(seed + 10, model.Length, 0.3);
        for (var i = 0; i < model.Length; i++)
        {
            model[i] += noise[i];
        }

        return (parts.Objective, parts.Reference, Samples.Dense(seed + 20, Count, Features, parts.Label), model);
    }
}
