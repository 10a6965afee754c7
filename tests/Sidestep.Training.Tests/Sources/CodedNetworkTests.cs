using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

/// <summary>Coding inside a network with convolutions, poolings and normalization, by every cut.</summary>
public sealed class CodedNetworkTests
{
    private const int Side = 6;
    private const int Classes = 4;
    private static readonly Batch[] Data = ArrayRows.Random(2, 20, Side * Side, Classes);
    private static readonly RotatingBatches Batches = new(2, 20, 9);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(5, 1)]
    public void Rows_of_layers_equal_rows_over_the_finished_gradient_and_over_the_joint_layout(int rowParts, int columnParts)
    {
        var network = Open();
        var layers = NetworkLayouts.Layers(network, rowParts, columnParts);
        var joint = new PerLayerLayout(rowParts, columnParts);
        var model = Model(network);
        var (groups, parts) = (layers.Groups.Length, layers.Parts);
        Assert.Equal(3, groups);
        var table = Tables.Of(
            1, 2, layers.Count(network.Shape),
            [
                .. Enumerable.Range(0, groups).Select(g => (0, false, ((int, int, float)[])[(0, g * parts, 0.6f), (1, (g * parts) + parts - 1, -0.8f)])),
                (0, false, [(0, groups * parts, 1f), (1, groups * parts, 1f)]),
            ]);
        foreach (var (row, (share, loss)) in Run(layers, table, model))
        {
            var expected = Tables.Expected(row, table, layers, network, Data, Batches, 2, model);
            Assert.InRange(Samples.Distance(Samples.Wide(share), expected.Share), 0, 5e-6);
            Assert.Equal(expected.Loss, loss, 1e-6 * Math.Abs(expected.Loss));
        }

        var whole = Tables.Of(1, 2, parts, (0, false, [(0, 0, 0.6f), (1, parts - 1, -0.8f)]));
        var (one, _) = Run(joint, whole, model)[0];
        Assert.InRange(Samples.Distance(Samples.Wide(one), Tables.Expected(0, whole, joint, network, Data, Batches, 2, model).Share), 0, 5e-6);
    }

    [Fact]
    public void Cost_goes_by_multiply_adds_not_by_weights()
    {
        // A small convolution is applied at every place: most of the work, few of the weights.
        var network = Open();
        var layout = NetworkLayouts.Layers(network, 2, 1);
        var table = Tables.Of(1, 2, layout.Count(network.Shape), [.. Enumerable.Range(0, 3).Select(g => (0, false, ((int, int, float)[])[(0, 2 * g, 1f)]))]);
        var source = Source(layout);
        double[] costs = [.. Enumerable.Range(0, 3).Select(r => source.Cost(r, table) / 1e6)];
        double[] products = [3.0 * 3 * 5 * Classes, 9.0 * 3 * 5 * 9, 36.0 * 9 * 3];
        var total = products.Sum();
        Assert.Equal((1 + (1.5 * products[0] / total)) / 3, costs[0], 1e-6);
        Assert.Equal(1.5 * products[1] / total / 3, costs[1], 1e-6);
        Assert.Equal(1.5 * products[2] / total / 3, costs[2], 1e-6);
    }

    private static Network Open() => new(
        new MapShape(Side, Side, 1),
        [new Convolution(3, 3, Padding: 1), new Relu(), new MaxPooling(2), new Convolution(5, 3, Padding: 1), new Tanh(), new LayerNorm(), new Flatten(), new Dense(Classes)],
        new ClassLoss(Classes),
        l2: 0.01);

    private static NetworkDerivatives Source(TensorLayout layout) => new(Open, layout, () => new ArrayRows(Data), Batches);

    private static Dictionary<int, (float[] Share, double Loss)> Run(TensorLayout layout, CodeTable<float> table, float[] model) =>
        Tables.Run(Source(layout).Open(0, table, layout), table, layout, Open().Shape, 2, model);

    private static float[] Model(Network network)
    {
        var model = new float[network.Shape.Length];
        network.Initialize(Samples.Rng(3), model);
        Axpy.Add(1f, Samples.Gaussian(4, model.Length, 0.1), model);
        return model;
    }
}
