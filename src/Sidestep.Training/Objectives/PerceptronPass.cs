using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Forward pass and δ recursion of a perceptron for some samples; keeps what the weight gradients need until the next pass.</summary>
internal sealed class PerceptronPass
{
    private readonly ImmutableArray<int> _widths;
    private readonly Activation _activation;
    private readonly IMatrixProduct _product;
    private readonly float[][] _activations;
    private readonly float[][] _deltas;
    private float[] _right = [];
    private Batch _batch;

    /// <param name="widths">Inputs, hidden layers, outputs.</param>
    /// <param name="activation">The nonlinearity of the hidden layers.</param>
    /// <param name="product">The matrix kernels.</param>
    public PerceptronPass(ImmutableArray<int> widths, Activation activation, IMatrixProduct product)
    {
        (_widths, _activation, _product) = (widths, activation, product);
        _activations = Empty(Layers - 1);
        _deltas = Empty(Layers);
    }

    /// <summary>Number of layers with weights.</summary>
    public int Layers => _widths.Length - 1;

    /// <summary>Samples of the last pass.</summary>
    public int Samples => _batch.Count;

    /// <summary>Computes activations and δ of all layers.</summary>
    /// <param name="batch">The samples; its memory must stay as it is while weight gradients are taken.</param>
    /// <param name="model">The parameters.</param>
    /// <returns>The summed loss without penalty.</returns>
    public double Run(in Batch batch, ReadOnlySpan<float> model)
    {
        var loss = CrossEntropy.Backward(Forward(batch, model), batch.Labels.Span, _widths[^1], _right);
        var end = model.Length;
        for (var layer = Layers - 1; layer > 0; layer--)
        {
            int outputs = _widths[layer + 1], inputs = _widths[layer];
            var weight = model.Slice(end - (outputs * (inputs + 1)), outputs * inputs);
            end -= outputs * (inputs + 1);
            var delta = Sized(ref _deltas[layer - 1], batch.Count * inputs);
            _product.Multiply(1, new MatrixView<float>(_deltas[layer], batch.Count, outputs), new MatrixView<float>(weight, outputs, inputs), 0, delta);
            ActivationKernels.Chain(_activation, _activations[layer - 1].AsSpan(0, delta.Length), delta);
        }

        return loss;
    }

    /// <summary>The summed loss without penalty, and the number of right answers.</summary>
    public (double Loss, long Hits) Measure(in Batch batch, ReadOnlySpan<float> model) =>
        CrossEntropy.Measure(Forward(batch, model), batch.Labels.Span, _widths[^1], _right);

    /// <summary>What a layer took in.</summary>
    public LayerInput Input(int layer) => layer == 0
        ? LayerInput.Of(_batch)
        : new LayerInput(_activations[layer - 1], Samples, _widths[layer]);

    /// <summary>δ of a layer: samples × outputs.</summary>
    public ReadOnlySpan<float> Delta(int layer) => _deltas[layer].AsSpan(0, Samples * _widths[layer + 1]);

    // The scores come to lie where the last layer's δ will be.
    private Span<float> Forward(in Batch batch, ReadOnlySpan<float> model)
    {
        _batch = batch;
        Sized(ref _right, batch.Count);
        Span<float> z = default;
        for (int layer = 0, at = 0; layer < Layers; layer++)
        {
            int inputs = _widths[layer], outputs = _widths[layer + 1];
            z = Sized(ref layer < Layers - 1 ? ref _activations[layer] : ref _deltas[layer], batch.Count * outputs);
            LayerForward.Affine(_product, Input(layer), model.Slice(at, outputs * inputs), model.Slice(at + (outputs * inputs), outputs), z);
            at += outputs * (inputs + 1);
            if (layer < Layers - 1)
            {
                ActivationKernels.Apply(_activation, z);
            }
        }

        return z;
    }

    private static float[][] Empty(int count)
    {
        var buffers = new float[count][];
        Array.Fill(buffers, []);
        return buffers;
    }

    private static Span<float> Sized(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<float>(length);
        }

        return buffer.AsSpan(0, length);
    }
}
