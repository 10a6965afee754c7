using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

/// <summary>One layer with random parameters, inputs, and weights r of its outputs: the loss is Σ r·output.</summary>
internal sealed class LayerScene
{
    private const int Count = 3;
    private readonly Layer _layer;
    private readonly MapShape _input;

    public LayerScene(Layer layer, MapShape input, int seed)
    {
        (_layer, _input) = (layer, input);
        Parameters = Samples.Gaussian(seed, layer.Tensors(input).Sum(t => t.Dimensions.Aggregate(1, (a, b) => a * b)), 0.5);
        X = Samples.Gaussian(seed + 1, Count * input.Length);
        R = Samples.Gaussian(seed + 2, Count * layer.Output(input).Length);
    }

    public float[] Parameters { get; }

    public float[] X { get; }

    public float[] R { get; }

    public double Loss(double[] parameters, double[] x)
    {
        double loss = 0;
        for (var i = 0; i < Count; i++)
        {
            var y = DoubleLayers.Forward(_layer, _input, parameters, x[(i * _input.Length)..((i + 1) * _input.Length)]);
            loss += y.Select((v, j) => v * R[(i * y.Length) + j]).Sum();
        }

        return loss;
    }

    public double[] Outputs() =>
        [.. Enumerable.Range(0, Count).SelectMany(i => DoubleLayers.Forward(_layer, _input, Samples.Wide(Parameters), Samples.Wide(X.AsSpan(i * _input.Length, _input.Length))))];

    /// <summary>What the layer's pass computes: output, δ of the input, gradient.</summary>
    public (float[] Output, float[] InputDelta, float[] Gradient) Run(IMatrixProduct product)
    {
        var pass = _layer.Open(_input, product);
        var output = new float[R.Length];
        var input = _layer.IsInPlace ? output : X;
        if (_layer.IsInPlace)
        {
            X.CopyTo(output, 0);
        }

        pass.Forward(new LayerState { Samples = Count, Parameters = Parameters, Input = input, Output = output, Delta = default });
        var delta = R.ToArray();
        var inputDelta = _layer.IsInPlace ? delta : [.. Enumerable.Repeat(float.NaN, X.Length)];
        var state = new LayerState { Samples = Count, Parameters = Parameters, Input = input, Output = output, Delta = delta };
        pass.Backward(state, inputDelta);
        var gradient = new float[Parameters.Length];
        var (tensors, at) = (_layer.Tensors(_input), 0);
        for (var t = 0; t < tensors.Length; t++)
        {
            var length = tensors[t].Dimensions.Aggregate(1, (a, b) => a * b);
            pass.AddGradient(t, state, gradient.AsSpan(at, length));
            at += length;
        }

        return (output, inputDelta, gradient);
    }
}
