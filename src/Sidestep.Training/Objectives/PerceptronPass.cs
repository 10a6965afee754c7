using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Forward pass and δ recursion of a perceptron for some samples; keeps what the weight gradients need until the next pass.</summary>
internal sealed class PerceptronPass : IStagedPass
{
    private readonly ImmutableArray<int> _widths;
    private readonly Activation _activation;
    private readonly IMatrixProduct _product;
    private readonly float[][] _activations;
    private readonly float[][] _deltas;
    private readonly int[] _starts;
    private float[] _right = [];
    private Batch _batch;
    private ReadOnlyMemory<float> _model;

    /// <param name="widths">Inputs, hidden layers, outputs.</param>
    /// <param name="activation">The nonlinearity of the hidden layers.</param>
    /// <param name="product">The matrix kernels.</param>
    public PerceptronPass(ImmutableArray<int> widths, Activation activation, IMatrixProduct product)
    {
        (_widths, _activation, _product) = (widths, activation, product);
        _activations = Empty(Layers - 1);
        _deltas = Empty(Layers);
        _starts = new int[Layers];
        for (var layer = 1; layer < Layers; layer++)
        {
            _starts[layer] = _starts[layer - 1] + (widths[layer] * (widths[layer - 1] + 1));
        }
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
        var loss = CrossEntropy.Backward(Scores(batch, model), batch.Labels.Span, _widths[^1], _right);
        for (var layer = Layers - 2; layer >= 0; layer--)
        {
            PassBack(layer, model);
        }

        return loss;
    }

    /// <inheritdoc/>
    public double Forward(in Batch batch, ReadOnlyMemory<float> model)
    {
        BatchCheck.Features(batch, _widths[0]);
        _model = model;
        return CrossEntropy.Backward(Scores(batch, model.Span), batch.Labels.Span, _widths[^1], _right);
    }

    // δ of the last layer comes with the loss.
    /// <inheritdoc/>
    public void Backward(int stage)
    {
        if (stage > 0)
        {
            PassBack(Layers - 1 - stage, _model.Span);
        }
    }

    /// <inheritdoc/>
    public GradientFactors Factors(int tensor) =>
        new() { Left = Delta(tensor / 2), Right = Input(tensor / 2), LeftColumns = _widths[(tensor / 2) + 1] };

    /// <inheritdoc/>
    public void AddGradient(int tensor, Span<float> sum)
    {
        var (layer, outputs) = (tensor / 2, _widths[(tensor / 2) + 1]);
        if (tensor % 2 == 0)
        {
            CodedLayer.WeightGradient(_product, Delta(layer), outputs, Input(layer), sum);
        }
        else
        {
            CodedLayer.BiasGradient(Delta(layer), Samples, sum[..outputs]);
        }
    }

    /// <summary>The summed loss without penalty, and the number of right answers.</summary>
    public (double Loss, long Hits) Measure(in Batch batch, ReadOnlySpan<float> model) =>
        CrossEntropy.Measure(Scores(batch, model), batch.Labels.Span, _widths[^1], _right);

    /// <summary>What a layer took in.</summary>
    public LayerInput Input(int layer) => layer == 0
        ? LayerInput.Of(_batch)
        : new LayerInput(_activations[layer - 1], Samples, _widths[layer]);

    /// <summary>δ of a layer: samples × outputs.</summary>
    public ReadOnlySpan<float> Delta(int layer) => _deltas[layer].AsSpan(0, Samples * _widths[layer + 1]);

    // δ of a layer from that of the next.
    private void PassBack(int layer, ReadOnlySpan<float> model)
    {
        int outputs = _widths[layer + 2], inputs = _widths[layer + 1];
        var weight = model.Slice(_starts[layer + 1], outputs * inputs);
        var delta = Sized(ref _deltas[layer], Samples * inputs);
        _product.Multiply(1, new MatrixView<float>(_deltas[layer + 1], Samples, outputs), new MatrixView<float>(weight, outputs, inputs), 0, delta);
        ActivationKernels.Chain(_activation, _activations[layer].AsSpan(0, delta.Length), delta);
    }

    // The scores come to lie where the last layer's δ will be.
    private Span<float> Scores(in Batch batch, ReadOnlySpan<float> model)
    {
        _batch = batch;
        Sized(ref _right, batch.Count);
        Span<float> z = default;
        for (var layer = 0; layer < Layers; layer++)
        {
            int inputs = _widths[layer], outputs = _widths[layer + 1], at = _starts[layer];
            z = Sized(ref layer < Layers - 1 ? ref _activations[layer] : ref _deltas[layer], batch.Count * outputs);
            LayerForward.Affine(_product, Input(layer), model.Slice(at, outputs * inputs), model.Slice(at + (outputs * inputs), outputs), z);
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
