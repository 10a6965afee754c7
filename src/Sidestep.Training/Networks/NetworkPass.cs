using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Forward and backward pass of a network for some samples, with buffers of its own.</summary>
/// <remarks>Memory per sample: one float for each value of the layers' outputs and one for each of their δ, in-place layers apart, and what the layers keep themselves.</remarks>
internal sealed class NetworkPass : IStagedPass
{
    private readonly Network _network;
    private readonly ImmutableArray<PlacedLayer> _layers;
    private readonly LayerPass[] _passes;
    private readonly LossPass _loss;
    private readonly NetworkBuffers _buffers;
    private readonly int[] _layerOf;
    private readonly int[] _offsets;
    private ReadOnlyMemory<float> _model;
    private Batch _batch;
    private int _reached;

    public NetworkPass(Network network)
    {
        _network = network;
        _layers = network.Layers;
        _passes = [.. _layers.Select(l => l.Layer.Open(l.Input, network.Product))];
        _loss = network.Loss.Open(_layers[^1].Output);
        _buffers = new NetworkBuffers(network);
        _layerOf = [.. _layers.SelectMany((l, i) => l.Tensors.Select(_ => i))];
        _offsets = [.. Enumerable.Range(0, network.Shape.Tensors.Length).Select(network.Shape.Offset)];
    }

    public int Samples => _batch.Count;

    /// <summary>Where a tensor begins in the parameter vector.</summary>
    public int Offset(int tensor) => _offsets[tensor];

    public double Forward(in Batch batch, ReadOnlyMemory<float> model)
    {
        BatchCheck.Lengths(_network.Shape, model.Span, model.Span);
        _model = model;
        return Run(batch, model.Span);
    }

    public void Backward(int stage) => Back(stage, _model.Span);

    public void AddGradient(int tensor, Span<float> sum) => AddGradient(tensor, _model.Span, sum);

    public GradientFactors Factors(int tensor)
    {
        var layer = _layerOf[tensor];
        var state = State(layer, _model.Span, isBackward: true);
        return _passes[layer].Factors(tensor - _layers[layer].FirstTensor, state);
    }

    /// <summary>Activations, the summed loss without penalty, and δ of the last layer.</summary>
    public double Run(in Batch batch, ReadOnlySpan<float> model) => _loss.Backward(batch, Scores(batch, model));

    /// <summary>The summed loss without penalty; further measures go to the metrics.</summary>
    public double Measure(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) => _loss.Measure(batch, Scores(batch, model), metrics);

    /// <summary>δ down to the stage's layer.</summary>
    public void Back(int stage, ReadOnlySpan<float> model)
    {
        var (to, lowest) = (_network.StageLayers[stage], _network.StageLayers[^1]);
        for (; _reached > to; _reached--)
        {
            var layer = _reached - 1;
            _passes[layer].Backward(State(layer, model, isBackward: true), layer > lowest ? _buffers.Delta(layer - 1) : default);
        }
    }

    /// <summary>Adds a tensor's gradient.</summary>
    public void AddGradient(int tensor, ReadOnlySpan<float> model, Span<float> sum)
    {
        var layer = _layerOf[tensor];
        _passes[layer].AddGradient(tensor - _layers[layer].FirstTensor, State(layer, model, isBackward: true), sum);
    }

    private Span<float> Scores(in Batch batch, ReadOnlySpan<float> model)
    {
        _batch = batch;
        _reached = _layers.Length;
        _buffers.Take(batch);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _buffers.Prepare(layer);
            _passes[layer].Forward(State(layer, model, isBackward: false));
        }

        // δ of the last layer comes to lie where the scores are copied to: the layer may want to read its output again.
        var scores = _buffers.Delta(_layers.Length - 1);
        _buffers.Output(_layers.Length - 1).CopyTo(scores);
        return scores;
    }

    private LayerState State(int layer, ReadOnlySpan<float> model, bool isBackward) => new()
    {
        Samples = _batch.Count,
        Parameters = model.Slice(_layers[layer].Offset, _layers[layer].Parameters),
        Input = _buffers.Input(layer),
        Output = _buffers.Output(layer),
        Delta = isBackward ? _buffers.Delta(layer) : default,
    };
}
