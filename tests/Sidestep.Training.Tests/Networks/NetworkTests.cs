using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

public sealed class NetworkTests
{
    private static readonly MapShape Picture = new(6, 5, 3);

    [Fact]
    public void Dense_layers_are_the_perceptron_bit_for_bit()
    {
        var perceptron = new Perceptron(37, [19, 33], 10, Activation.Relu, 0.01, KernelChoice.Managed);
        var network = new Network(
            MapShape.Vector(37), [new Dense(19), new Relu(), new Dense(33), new Relu(), new Dense(10)], new ClassLoss(10), 0.01, KernelChoice.Managed);
        var batch = Samples.Dense(1, 41, 37, i => i % 10);
        Assert.Equal(Gradient(perceptron, batch), Gradient(network, batch));
        Assert.Equal(
            ["layer0.weight", "layer0.bias", "layer2.weight", "layer2.bias", "layer4.weight", "layer4.bias"], network.Shape.Tensors.Select(t => t.Name));
    }

    [Fact]
    public void Convolution_as_large_as_the_map_is_a_dense_layer()
    {
        var square = new MapShape(5, 5, 3);
        var convolution = new Network(square, [new Convolution(10, 5), new Flatten()], new ClassLoss(10), kernels: KernelChoice.Managed);
        var dense = new Network(square, [new Flatten(), new Dense(10)], new ClassLoss(10), kernels: KernelChoice.Managed);
        var batch = Samples.Dense(1, 12, 75, i => i % 10);
        Assert.Equal(Gradient(dense, batch), Gradient(convolution, batch));
    }

    [Fact]
    public void Planes_are_the_interleaved_rows_in_another_order()
    {
        var batch = Samples.Dense(1, 12, Picture.Length, i => i % 10);
        var planes = new float[batch.Values.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var (sample, value) = Math.DivRem(i, Picture.Length);
            var (position, channel) = Math.DivRem(value, Picture.Channels);
            planes[(sample * Picture.Length) + (channel * Picture.Positions) + position] = batch.Values.Span[i];
        }

        Assert.Equal(
            Gradient(Convolutional(InputOrder.Interleaved), batch), Gradient(Convolutional(InputOrder.Planes), batch with { Values = planes }));
    }

    [Fact]
    public void Chunks_of_a_large_batch_give_the_sum_of_its_samples()
    {
        var network = Convolutional(InputOrder.Planes);
        Assert.Equal(256, network.Chunk);
        var batch = Samples.Dense(1, (2 * network.Chunk) + 1, Picture.Length, i => i % 10);
        var parts = new double[network.Shape.Length];
        foreach (var i in Enumerable.Range(0, batch.Count))
        {
            var one = Samples.Wide(Gradient(network, BatchCheck.Slice(batch, i, 1)));
            parts = [.. parts.Zip(one, (a, b) => a + b)];
        }

        Assert.InRange(Samples.Distance(Samples.Wide(Gradient(network, batch)), parts), 0, 1e-5);
    }

    [Fact]
    public void Chunk_is_bounded_by_the_size_of_the_layers()
    {
        var large = new Network(new MapShape(256, 256, 3), [new Convolution(64, 3, Padding: 1), new MeanPooling(256), new Flatten(), new Dense(2)], new ClassLoss(2));
        Assert.Equal(8, large.Chunk);
    }

    [Fact]
    public void Target_values_behind_the_input_are_left_to_the_loss()
    {
        var network = new Network(MapShape.Vector(4), [new Dense(2)], new LastValueLoss(), kernels: KernelChoice.Managed);
        var plain = new Network(MapShape.Vector(4), [new Dense(2)], new ClassLoss(2), kernels: KernelChoice.Managed);
        float[] rows = [1, 2, 3, 4, 1, 5, 6, 7, 8, 0];
        var batch = new Batch { Count = 2, Features = 5, Values = rows, Labels = new float[2] };
        var same = new Batch { Count = 2, Features = 4, Values = (float[])[1, 2, 3, 4, 5, 6, 7, 8], Labels = (float[])[1, 0] };
        Assert.Equal(Gradient(plain, same), Gradient(network, batch));
    }

    [Fact]
    public void Start_follows_he_before_relu_and_glorot_else()
    {
        var network = Convolutional(InputOrder.Planes);
        var model = new float[network.Shape.Length];
        network.Initialize(Samples.Rng(1), model);
        Assert.Equal(WeightStart.He, Assert.IsType<Convolution>(network.Layers[0].Layer).Start);
        Assert.Equal(WeightStart.Glorot, Assert.IsType<Dense>(network.Layers[^1].Layer).Start);
        var (convolution, dense) = (network.Layers[0], network.Layers[^1]);
        Assert.All(model[(dense.Offset - 8)..dense.Offset], b => Assert.Equal(0, b));
        var bound = Math.Sqrt(6.0 / (dense.Input.Length + 10));
        Assert.All(model[dense.Offset..(dense.Offset + (dense.Input.Length * 10))], w => Assert.InRange(w, -bound, bound));
        var squares = model[..(convolution.Parameters - 8)].Average(w => w * w);
        Assert.InRange(squares, 0.6 * 2 / 27, 1.4 * 2 / 27);
        var again = new float[model.Length];
        network.Initialize(Samples.Rng(1), again);
        Assert.Equal(model, again);
    }

    [Fact]
    public void Costs_are_those_of_the_matrix_products()
    {
        var network = new Network(
            new MapShape(28, 28, 1),
            [
                new Convolution(16, 3, Padding: 1), new Relu(), new MaxPooling(2), new Convolution(32, 3, Padding: 1), new Relu(), new MaxPooling(2),
                new Flatten(), new Dense(10),
            ],
            new ClassLoss(10));
        Assert.Equal((16 * 10) + (32 * 145) + (10 * 1569), network.Shape.Length);
        Assert.Equal((28 * 28 * 16 * 9) + (14 * 14 * 32 * 144) + 15680, network.Products);
        Assert.Equal((3 * network.Products) - (28 * 28 * 16 * 9), network.GradientProducts);
        Assert.Equal(new MapShape(7, 7, 32), network.Layers[5].Output);
    }

    // Managed kernels alone: these bits must not depend on machine, vector width or runtime switches.
    [Fact]
    public void Gradients_have_their_pinned_bits()
    {
        var network = new Network(
            new MapShape(8, 8, 3),
            [
                new Convolution(11, 3, Padding: 1), new LayerNorm(), new Gelu(), new MaxPooling(2), new Convolution(9, 3, Stride: 2, Padding: 1), new Tanh(),
                new MeanPooling(2), new Flatten(), new Dense(10),
            ],
            new ClassLoss(10),
            0.01,
            KernelChoice.Managed);
        var gradient = Gradient(network, Samples.Dense(1, 17, 192, i => i % 10));
        Assert.Equal(0x632B42DAF1D9E45EUL, Checksum.Fingerprint(MemoryMarshal.AsBytes(gradient.AsSpan())));
    }

    public static TheoryData<string, string> Misfits => new()
    {
        { "kernel", "layer 0 (convolution): a kernel of 7 × 7 does not fit on 6 × 5 × 3" },
        { "flat", "layer 0 (convolution): a kernel of 3 × 3 does not fit on 1 × 1 × 90; is objective.input given" },
        { "pooling", "layer 2 (max-pooling): a size of 3 × 3 does not fit on 3 × 2 × 4" },
        { "unflattened", "the last layer gives 6 × 5 × 10; the loss takes 1 × 1 × 10, one score per class; put a flatten layer before" },
        { "classes", "the last layer gives 1 × 1 × 7; the loss takes 1 × 1 × 10" },
        { "padding", "layer 0 (convolution): padding is 3; it must be below the kernel, 3" },
        { "stride", "layer 0 (convolution): stride is 0; it must be at least 1" },
        { "norm", "layer 1 (layer-norm): there is one channel at each position of 6 × 5 × 1" },
        { "huge", "layer 1 (dense): on 1 × 1 × 90 it makes the model larger than 2^31 values" },
        { "none", "the number of layers is 0; it must be at least 1" },
        { "idle", "the number of layers with parameters is 0" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Layer_that_does_not_fit_is_named_with_its_shapes(string name, string expected)
    {
        var (input, layers) = Misfit(name);
        var error = Assert.Throws<ConfigurationException>(() => new Network(input, layers, new ClassLoss(10)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_sparse_or_of_another_length_are_refused()
    {
        var network = new Network(MapShape.Vector(9), [new Dense(5)], new ClassLoss(5));
        var (model, sum) = (new float[50], new float[50]);
        var batch = Samples.Dense(1, 4, 9, i => i);
        Assert.Contains("takes dense rows", Refused(Samples.Sparse(batch)), StringComparison.Ordinal);
        Assert.Contains("8 features per sample; the network's input 1 × 1 × 9 takes 9", Refused(Samples.Dense(1, 4, 8, i => i)), StringComparison.Ordinal);
        Assert.Contains("label 5", Refused(Samples.Dense(1, 4, 9, i => i + 2)), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Gradient(batch, model, new float[49], default));

        string Refused(Batch bad) => Assert.Throws<DataException>(() => network.Gradient(bad, model, sum, default)).Message;
    }

    [Fact]
    public void Cancelled_gradient_stops()
    {
        var network = new Network(MapShape.Vector(9), [new Dense(5)], new ClassLoss(5));
        Assert.Throws<OperationCanceledException>(
            () => network.Gradient(Samples.Dense(1, 4, 9, i => i), new float[50], new float[50], new CancellationToken(canceled: true)));
    }

    private static (MapShape Input, ImmutableArray<Layer> Layers) Misfit(string name) => name switch
    {
        "kernel" => (Picture, [new Convolution(4, 7), new Flatten(), new Dense(10)]),
        "flat" => (MapShape.Vector(90), [new Convolution(4, 3), new Dense(10)]),
        "pooling" => (Picture, [new Convolution(4, 3, Padding: 1), new MaxPooling(2), new MaxPooling(3), new Flatten(), new Dense(10)]),
        "unflattened" => (Picture, [new Dense(10)]),
        "classes" => (MapShape.Vector(9), [new Dense(7)]),
        "padding" => (Picture, [new Convolution(4, 3, Padding: 3)]),
        "stride" => (Picture, [new Convolution(4, 3, Stride: 0)]),
        "norm" => (Picture, [new Convolution(1, 3, Padding: 1), new LayerNorm()]),
        "huge" => (Picture, [new Flatten(), new Dense(100_000_000)]),
        "idle" => (MapShape.Vector(10), [new Relu()]),
        _ => (Picture, []),
    };

    private static Network Convolutional(InputOrder order) => new(
        Picture, [new Convolution(8, 3, Padding: 1), new MaxPooling(2), new Relu(), new Flatten(), new Dense(10)], new ClassLoss(10), 0.01, KernelChoice.Managed, order);

    private static float[] Gradient(IObjective objective, Batch batch)
    {
        var sum = new float[objective.Shape.Length];
        objective.Gradient(batch, Samples.Gaussian(2, sum.Length, 0.3), sum, default);
        return sum;
    }

    // The class is the value behind the input.
    private sealed record LastValueLoss : NetworkLoss
    {
        public override int Features(MapShape input) => input.Length + 1;

        public override void Check(MapShape scores)
        {
        }

        public override LossPass Open(MapShape scores) => new Pass();

        private sealed class Pass : LossPass
        {
            private readonly LossPass _classes = new ClassLoss(2).Open(MapShape.Vector(2));

            public override double Backward(in Batch batch, Span<float> scores) => _classes.Backward(Labelled(batch), scores);

            public override double Measure(in Batch batch, Span<float> scores, IMetrics metrics) => _classes.Measure(Labelled(batch), scores, metrics);

            private static Batch Labelled(Batch batch) =>
                batch with { Labels = Enumerable.Range(0, batch.Count).Select(i => batch.Values.Span[(i * batch.Features) + batch.Features - 1]).ToArray() };
        }
    }
}
