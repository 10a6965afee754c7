using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Passes of inner layers, one behind the other, with the input added at the end.</summary>
/// <remarks>Keeps each inner layer's output and its δ; layers that compute in place share those of the layer before where that does not read its output again.</remarks>
internal sealed class ResidualPass : LayerPass
{
    private const int Outside = -1;

    private readonly ImmutableArray<PlacedLayer> _layers;
    private readonly LayerPass[] _passes;
    private readonly int[] _layerOf;

    // For each inner layer: which buffer its output lies in, and δ of it. Outside: in the memory of the whole.
    private readonly int[] _outputs;
    private readonly int[] _slopes;
    private readonly float[][] _values;
    private readonly float[][] _deltas;

    /// <param name="layers">The inner layers in their places.</param>
    /// <param name="product">Matrix kernels.</param>
    public ResidualPass(ImmutableArray<PlacedLayer> layers, IMatrixProduct product)
    {
        _layers = layers;
        _passes = [.. layers.Select(l => l.Layer.Open(l.Input, product))];
        _layerOf = [.. layers.SelectMany((l, i) => l.Tensors.Select(_ => i))];
        (_outputs, _slopes) = (new int[layers.Length], new int[layers.Length]);
        (_values, _deltas) = (Empty(layers.Length), Empty(layers.Length));
        var isRead = false;
        for (var i = 0; i < layers.Length; i++)
        {
            var shares = IsInPlace(i) && i > 0;
            _outputs[i] = shares && !isRead ? _outputs[i - 1] : i;
            _slopes[i] = shares ? _slopes[i - 1] : i;
            isRead = layers[i].Layer.ReadsOutput || (isRead && _outputs[i] != i);
        }

        // δ of the whole is needed again at the end, so nothing may write over it.
        _slopes[^1] = IsInPlace(layers.Length - 1) ? _slopes[^1] : Outside;
    }

    public override void Forward(in LayerState state)
    {
        for (var i = 0; i < _passes.Length; i++)
        {
            var output = Scratch.Sized(ref _values[_outputs[i]], state.Samples * _layers[i].Output.Length);
            if (IsInPlace(i) && _outputs[i] == i)
            {
                (i == 0 ? state.Input : Output(i - 1, state)).CopyTo(output);
            }

            _passes[i].Forward(Inner(i, state));
        }

        TensorPrimitives.Add(state.Input, Output(_passes.Length - 1, state), state.Output);
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        for (var i = 0; i < _passes.Length; i++)
        {
            if (_slopes[i] != Outside)
            {
                Scratch.Sized(ref _deltas[_slopes[i]], state.Samples * _layers[i].Output.Length);
            }
        }

        if (_slopes[^1] != Outside)
        {
            state.Delta.CopyTo(Delta(_passes.Length - 1, state));
        }

        for (var i = _passes.Length - 1; i > 0; i--)
        {
            _passes[i].Backward(Inner(i, state), Delta(i - 1, state));
        }

        var first = IsInPlace(0) ? Delta(0, state) : inputDelta;
        _passes[0].Backward(Inner(0, state), first);
        if (!inputDelta.IsEmpty)
        {
            TensorPrimitives.Add(first, state.Delta, inputDelta);
        }
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        var layer = _layerOf[tensor];
        _passes[layer].AddGradient(tensor - _layers[layer].FirstTensor, Inner(layer, state), sum);
    }

    public override GradientFactors Factors(int tensor, scoped in LayerState state)
    {
        var layer = _layerOf[tensor];
        return _passes[layer].Factors(tensor - _layers[layer].FirstTensor, Inner(layer, state));
    }

    private bool IsInPlace(int layer) => _layers[layer] is { Layer.IsInPlace: true, Tensors.IsEmpty: true };

    private Span<float> Output(int layer, scoped in LayerState state) =>
        _values[_outputs[layer]].AsSpan(0, state.Samples * _layers[layer].Output.Length);

    private Span<float> Delta(int layer, scoped in LayerState state) => _slopes[layer] == Outside
        ? state.Delta
        : _deltas[_slopes[layer]].AsSpan(0, state.Samples * _layers[layer].Output.Length);

    private LayerState Inner(int layer, scoped in LayerState state) => new()
    {
        Samples = state.Samples,
        Parameters = state.Parameters.Slice(_layers[layer].Offset, _layers[layer].Parameters),
        Input = IsInPlace(layer) ? Output(layer, state) : layer == 0 ? state.Input : Output(layer - 1, state),
        Output = Output(layer, state),
        Delta = state.Delta.IsEmpty ? default : Delta(layer, state),
    };

    private static float[][] Empty(int count)
    {
        var buffers = new float[count][];
        Array.Fill(buffers, []);
        return buffers;
    }
}
