using System.Globalization;

namespace Sidestep.Training;

/// <summary>Where the values between layers, and their δ, lie. Layers that compute in place share a buffer with the layer before, if that does not read its output again.</summary>
internal sealed class NetworkBuffers
{
    private const int OfTheBatch = -1;

    private readonly Network _network;
    private readonly bool _isCopied;
    private readonly int _features;

    // For each layer: which buffer its input, its output and δ of its output lie in.
    private readonly int[] _inputs;
    private readonly int[] _outputs;
    private readonly int[] _deltas;
    private readonly float[][] _values;
    private readonly float[][] _slopes;
    private Batch _batch;

    public NetworkBuffers(Network network)
    {
        _network = network;
        var count = network.Layers.Length;
        _features = network.Loss.Features(network.Input);
        _isCopied = _features != network.Input.Length || (network.Order == InputOrder.Planes && network.Input is { Channels: > 1, Positions: > 1 });
        (_inputs, _outputs, _deltas) = (new int[count], new int[count], new int[count]);
        _values = Empty(count + 1);
        _slopes = Empty(count);
        var read = new HashSet<int> { OfTheBatch };
        for (var i = 0; i < count; i++)
        {
            var layer = network.Layers[i].Layer;
            var isInPlace = IsInPlace(i);
            _inputs[i] = i > 0 ? _outputs[i - 1] : _isCopied ? count : OfTheBatch;
            _outputs[i] = isInPlace && (layer is Flatten || !read.Contains(_inputs[i])) ? _inputs[i] : i;
            _deltas[i] = isInPlace && i > 0 ? _deltas[i - 1] : i;
            if (layer.ReadsOutput)
            {
                read.Add(_outputs[i]);
            }
        }
    }

    /// <summary>Takes in samples, in the order the layers want.</summary>
    /// <exception cref="DataException">The samples are sparse or have another number of features.</exception>
    public void Take(in Batch batch)
    {
        if (batch.IsSparse)
        {
            throw new DataException("the data are sparse rows; a network takes dense rows: use softmax or perceptron, or import the data as a table");
        }

        if (batch.Features != _features)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"the data have {batch.Features} features per sample; the network's input {_network.Input} takes {_features}"));
        }

        _batch = batch;
        if (_isCopied)
        {
            CopyInput(Scratch.Sized(ref _values[^1], batch.Count * _network.Input.Length));
        }
    }

    /// <summary>Sees to it that a layer's output can be written; one that computes in place finds its input there.</summary>
    public void Prepare(int layer)
    {
        if (_outputs[layer] != layer)
        {
            return;
        }

        var output = Scratch.Sized(ref _values[layer], _batch.Count * _network.Layers[layer].Output.Length);
        if (IsInPlace(layer))
        {
            Values(_inputs[layer], output.Length).CopyTo(output);
        }
    }

    /// <summary>What a layer takes in; in place: its output.</summary>
    public ReadOnlySpan<float> Input(int layer) =>
        Values(IsInPlace(layer) ? _outputs[layer] : _inputs[layer], _batch.Count * _network.Layers[layer].Input.Length);

    /// <summary>What a layer gives; empty for a view of the batch.</summary>
    public Span<float> Output(int layer) => _outputs[layer] == OfTheBatch
        ? default
        : _values[_outputs[layer]].AsSpan(0, _batch.Count * _network.Layers[layer].Output.Length);

    /// <summary>δ of a layer's output.</summary>
    public Span<float> Delta(int layer) => Scratch.Sized(ref _slopes[_deltas[layer]], _batch.Count * _network.Layers[layer].Output.Length);

    private bool IsInPlace(int layer) => _network.Layers[layer] is { Layer.IsInPlace: true, Tensors.IsEmpty: true };

    private ReadOnlySpan<float> Values(int buffer, int length) =>
        buffer == OfTheBatch ? _batch.Values.Span[..length] : _values[buffer].AsSpan(0, length);

    private void CopyInput(Span<float> target)
    {
        var input = _network.Input;
        var rows = _batch.Values.Span;
        var isTurned = _network.Order == InputOrder.Planes && input.Channels > 1;
        for (var i = 0; i < _batch.Count; i++)
        {
            var from = rows.Slice(i * _features, input.Length);
            var to = target.Slice(i * input.Length, input.Length);
            if (!isTurned)
            {
                from.CopyTo(to);
                continue;
            }

            for (var c = 0; c < input.Channels; c++)
            {
                var plane = from.Slice(c * input.Positions, input.Positions);
                for (var p = 0; p < plane.Length; p++)
                {
                    to[(p * input.Channels) + c] = plane[p];
                }
            }
        }
    }

    private static float[][] Empty(int count)
    {
        var buffers = new float[count][];
        Array.Fill(buffers, []);
        return buffers;
    }
}
