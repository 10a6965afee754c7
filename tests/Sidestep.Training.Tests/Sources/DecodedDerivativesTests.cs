using System.Runtime.InteropServices;
using Sidestep.Coding;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Sources;

public sealed class DecodedDerivativesTests
{
    [Fact]
    public void Pair_lines_over_coded_layers_decode_to_the_gradient_without_some_workers()
    {
        const int Blocks = 4;
        var code = CodeCatalog.Find("pair-lines").Create(new CodeParameters { Blocks = Blocks });
        var layout = new PerLayerLayout(Blocks);
        var data = ArrayRows.Random(1, 30, 7, 10);
        var batches = new RotatingBatches(1, 30, 16);
        var objective = new Perceptron(7, [9], 10, Activation.Tanh, 0.01);
        var model = Samples.Gaussian(3, objective.Shape.Length, 0.4);
        var source = new NetworkDerivatives(() => new Perceptron(7, [9], 10, Activation.Tanh, 0.01), layout, () => new ArrayRows(data), batches);
        var decoder = code.CreateDecoder(layout, objective.Shape);
        var pool = new PayloadPool();
        decoder.Begin(4, []);
        var residual = double.NaN;
        foreach (var slot in Enumerable.Range(0, code.Table.Workers).Except([0, 5, 9]))
        {
            foreach (var (row, (share, _)) in Tables.Run(source.Open(slot, code.Table, layout), code.Table, layout, objective.Shape, 4, model))
            {
                var lease = pool.Lease(share.Length * sizeof(float));
                MemoryMarshal.AsBytes(share.AsSpan()).CopyTo(lease.Span);
                residual = decoder.Offer(row, new ShareLease<float>(lease, share.Length)).Residual;
            }
        }

        var estimate = new float[objective.Shape.Length];
        decoder.Decode(estimate);
        var gradient = new float[objective.Shape.Length];
        objective.Gradient(Tables.Read(data, batches, 4, 0), model, gradient, default);
        Assert.Equal(0, residual, 1e-9);
        Assert.InRange(Samples.Distance(Samples.Wide(estimate), Samples.Wide(gradient)), 0, 2e-6);
    }
}
