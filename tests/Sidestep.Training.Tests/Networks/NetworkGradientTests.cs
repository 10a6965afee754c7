using System.Collections.Immutable;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

public sealed class NetworkGradientTests
{
    private const int Count = 11;

    public static TheoryData<string> Cases => [.. Networks.Keys];

    // Beside usual ones, orders of layers in which buffers are shared or must not be.
    private static Dictionary<string, (MapShape Input, ImmutableArray<Layer> Layers)> Networks { get; } = new()
    {
        ["perceptron"] = (MapShape.Vector(9), [new Dense(8), new Relu(), new Dense(5)]),
        ["convolutional"] = (new MapShape(8, 8, 1), [new Convolution(4, 3, Padding: 1), new Relu(), new MaxPooling(2), new Convolution(6, 3, Padding: 1), new Relu(), new MaxPooling(2), new Flatten(), new Dense(5)]),
        ["strided-normed"] = (new MapShape(7, 6, 3), [new Convolution(5, 3, Stride: 2), new LayerNorm(), new Gelu(), new MeanPooling(2), new Flatten(), new Dense(5)]),
        ["activation-first"] = (MapShape.Vector(9), [new Tanh(), new Dense(5)]),
        ["flatten-first"] = (new MapShape(3, 3, 2), [new Flatten(), new Relu(), new Dense(5)]),
        ["activations-in-a-row"] = (MapShape.Vector(9), [new Dense(7), new Tanh(), new Relu(), new Gelu(), new Tanh(), new Dense(5)]),
        ["activation-after-flatten"] = (new MapShape(3, 2, 2), [new Dense(3), new Tanh(), new Flatten(), new Tanh(), new Dense(5)]),
        ["pooling-then-activation"] = (new MapShape(4, 4, 2), [new Convolution(3, 3, Padding: 1), new MaxPooling(2), new Tanh(), new Flatten(), new Dense(5)]),
        ["norm-first"] = (new MapShape(2, 2, 4), [new LayerNorm(), new Flatten(), new Dense(5)]),
        ["activation-last"] = (MapShape.Vector(9), [new Dense(5), new Tanh()]),
        ["flatten-last"] = (new MapShape(2, 2, 2), [new MeanPooling(2), new Dense(5), new Tanh(), new Flatten()]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_and_loss_equal_central_differences_in_double(string name)
    {
        foreach (var kernels in new[] { KernelChoice.Managed, KernelChoice.Auto })
        {
            var (network, batch, model) = Make(name, kernels);
            var wide = Samples.Wide(model);
            var expected = LayerGradientTests.Differences(wide, () => DoubleNetwork.Loss(network, batch, wide));
            var sum = new float[model.Length];
            var loss = network.Gradient(batch, model, sum, default);
            var expectedLoss = DoubleNetwork.Loss(network, batch, wide);

            // Roundings of some layers add up: 1e-5 of the norm is far above them and far below any mistake.
            Assert.InRange(Samples.Distance(Samples.Wide(sum), expected), 0, 1e-5);
            Assert.Equal(expectedLoss, loss, 1e-6 * expectedLoss);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_is_added_and_parts_sum_to_the_whole(string name)
    {
        var (network, batch, model) = Make(name, KernelChoice.Auto);
        var whole = new float[model.Length];
        var loss = network.Gradient(batch, model, whole, default);
        var parts = new float[model.Length];
        var partLoss = network.Gradient(BatchCheck.Slice(batch, 0, 4), model, parts, default);
        partLoss += network.Gradient(BatchCheck.Slice(batch, 4, Count - 4), model, parts, default);
        Assert.InRange(Samples.Distance(Samples.Wide(parts), Samples.Wide(whole)), 0, 1e-6);
        Assert.Equal(loss, partLoss, 1e-6 * loss);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluated_loss_is_the_loss_that_is_trained(string name)
    {
        var (network, batch, model) = Make(name, KernelChoice.Auto);
        var metrics = new Metrics();
        network.Evaluate(batch, model, metrics);
        var loss = network.Gradient(batch, model, new float[model.Length], default);
        Assert.Equal(loss, metrics["loss"].Sum, 1e-9 * loss);
        Assert.Equal((Count, Count), (metrics["loss"].Count, metrics["accuracy"].Count));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_allocates_nothing_once_warm(string name)
    {
        var (network, batch, model) = Make(name, KernelChoice.Auto);
        var sum = new float[model.Length];
        network.Gradient(batch, model, sum, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        network.Gradient(batch, model, sum, default);
        network.Gradient(BatchCheck.Slice(batch, 0, 5), model, sum, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stages_go_from_the_last_layer_and_give_the_same_gradient(string name)
    {
        var (network, batch, model) = Make(name, KernelChoice.Managed, l2: 0);
        var expected = new float[model.Length];
        var loss = network.Gradient(batch, model, expected, default);
        var pass = network.OpenPass();
        Assert.Equal(loss, pass.Forward(batch, model));
        var sum = new float[model.Length];
        foreach (var stage in Enumerable.Range(0, network.Stages.Length))
        {
            pass.Backward(stage);
        }

        // Taken afterwards, first layers first: what a stage needs is kept.
        foreach (var tensor in network.Stages.SelectMany(s => s).Order())
        {
            var at = network.Shape.Offset(tensor);
            pass.AddGradient(tensor, sum.AsSpan(at, network.Shape.Tensors[tensor].Length));
            if (network.IsWeight[tensor])
            {
                Assert.Equal(sum[at..(at + network.Shape.Tensors[tensor].Length)], Product(pass, tensor));
            }
        }

        Assert.Equal(expected, sum);
        Assert.Equal(Enumerable.Range(0, network.Shape.Tensors.Length), network.Stages.SelectMany(s => s).Order());
        Assert.True(network.Stages[0][0] > network.Stages[^1][^1] || network.Stages.Length == 1);
    }

    private static float[] Product(IStagedPass pass, int tensor)
    {
        var factors = pass.Factors(tensor);
        var product = new float[factors.LeftColumns * factors.Right.Features];
        CodedLayer.WeightGradient(MatrixProduct.Create(KernelChoice.Managed), factors.Left, factors.LeftColumns, factors.Right, product);
        return product;
    }

    private static (Network Network, Batch Batch, float[] Model) Make(string name, KernelChoice kernels, double l2 = 0.03)
    {
        var (input, layers) = Networks[name];
        var network = new Network(input, layers, new ClassLoss(5), l2, kernels);
        var model = new float[network.Shape.Length];
        network.Initialize(Samples.Rng(1), model);
        var noise = Samples.Gaussian(2, model.Length, 0.2);
        for (var i = 0; i < model.Length; i++)
        {
            model[i] += noise[i];
        }

        return (network, Samples.Dense(3, Count, input.Length, i => i % 5), model);
    }
}
