using System.Runtime.InteropServices;
using Sidestep.Coding;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

/// <summary>What workers code inside back-propagation, decoded without some of them, is the gradient.</summary>
public sealed class DecodedDerivativesTests
{
    private const int Features = 36;
    private const int Classes = 4;

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var code in new[] { "axes", "pair-lines", "axes-and-pairs", "greedy-lines", "two groups", "weight 3" })
            {
                foreach (var cut in new[] { "rows", "columns", "both" })
                {
                    cases.Add(code, cut, code is not ("axes" or "weight 3"));
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decoded_gradient_is_the_gradient_for_every_cut_by_layers_and_joint(string name, string cut, bool someMissing)
    {
        var lines = Code(name);
        var (rows, columns) = cut switch { "rows" => (4, 1), "columns" => (1, 4), _ => (2, 2) };
        foreach (var open in new Func<ILayered>[] { () => new Perceptron(Features, [9], Classes, Activation.Tanh, 0.01), Convolutional })
        {
            var objective = open();
            var layers = NetworkLayouts.Layers(objective, rows, columns);
            var layered = LayeredCode.Create(lines, layers.Groups.Length, layers.HasRest(objective.Shape));
            var missing = someMissing ? lines.Guarantee.Stragglers / 2 : 0;
            var gradient = Gradient(objective, lines.Table.Partitions);
            Assert.InRange(Samples.Distance(Samples.Wide(Decode(lines, new PerLayerLayout(rows, columns), open, missing)), gradient), 0, 1e-5);
            Assert.InRange(Samples.Distance(Samples.Wide(Decode(layered, layers, open, missing)), gradient), 0, 1e-5);
        }
    }

    private static ICode<float> Code(string name) => name switch
    {
        "axes" => AxesCode.Create(4),
        "pair-lines" => PairLinesCode.Create(4),
        "axes-and-pairs" => AxesAndPairsCode.Create(4),
        "greedy-lines" => GreedyLinesCode.Create(4, 9),
        "two groups" => PairLinesCode.Create(4, new LineOptions { Groups = 2 }),
        _ => GreedyLinesCode.Create(4, 10, weight: 3),
    };

    private static Network Convolutional() => new(
        new MapShape(6, 6, 1),
        [new Convolution(3, 3, Padding: 1), new Relu(), new MaxPooling(2), new LayerNorm(), new Flatten(), new Dense(Classes)],
        new ClassLoss(Classes), l2: 0.01);

    private static float[] Decode(ICode<float> code, TensorLayout layout, Func<ILayered> open, int missing)
    {
        var shape = open().Shape;
        var data = Data(code.Table.Partitions);
        var source = new NetworkDerivatives(open, layout, () => new ArrayRows(data), Batches(code.Table.Partitions));
        var decoder = code.CreateDecoder(layout, shape);
        var (pool, residual) = (new PayloadPool(), decoder.Begin(4, []).Residual);
        foreach (var slot in Enumerable.Range(missing, code.Table.Workers - missing))
        {
            foreach (var (row, (share, _)) in Tables.Run(source.Open(slot, code.Table, layout), code.Table, layout, shape, 4, Model(shape)))
            {
                var lease = pool.Lease(share.Length * sizeof(float));
                MemoryMarshal.AsBytes(share.AsSpan()).CopyTo(lease.Span);
                residual = decoder.Offer(row, new ShareLease<float>(lease, share.Length)).Residual;
            }
        }

        Assert.Equal(0, residual, 1e-9);
        var estimate = new float[shape.Length];
        decoder.Decode(estimate);
        decoder.Begin(5, []);
        return estimate;
    }

    private static double[] Gradient(ILayered objective, int partitions)
    {
        var gradient = new float[objective.Shape.Length];
        for (var partition = 0; partition < partitions; partition++)
        {
            objective.Gradient(Tables.Read(Data(partitions), Batches(partitions), 4, partition), Model(objective.Shape), gradient, default);
        }

        return Samples.Wide(gradient);
    }

    private static Batch[] Data(int partitions) => ArrayRows.Random(partitions, 30, Features, Classes);

    private static RotatingBatches Batches(int partitions) => new(partitions, 30, 16);

    private static float[] Model(ModelShape shape) => Samples.Gaussian(3, shape.Length, 0.4);
}
