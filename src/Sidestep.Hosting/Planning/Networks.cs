using System.Collections.Immutable;
using System.Globalization;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Networks from specs.</summary>
internal static class Networks
{
    /// <summary>A maker of networks.</summary>
    /// <exception cref="ConfigurationException">The data do not suit a network, or a layer's sizes are left open.</exception>
    public static Func<Network> Of(NetworkSpec spec, Dataset data, KernelChoice kernels)
    {
        if (data.IsSparse)
        {
            throw new ConfigurationException("objective: network takes dense rows, but the data are sparse; use softmax or perceptron");
        }

        var (input, order) = Input(spec.Input, data);
        var layers = Layers(spec.Layers, data);
        var loss = SequenceLayers.Loss(input, layers, data);
        return () => new Network(input, layers, loss, spec.L2, kernels, order);
    }

    private static (MapShape Shape, InputOrder Order) Input(InputSpec? spec, Dataset data)
    {
        if (spec is null)
        {
            return (SequenceLayers.IsText(data) ? MapShape.Sequence(data.Features, 1) : MapShape.Vector(data.Features), InputOrder.Interleaved);
        }

        var shape = new MapShape(spec.Height, spec.Width, spec.Channels);
        var values = (long)spec.Height * spec.Width * spec.Channels;
        return values == data.Features
            ? (shape, spec.Order == "planes" ? InputOrder.Planes : InputOrder.Interleaved)
            : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"objective.input: {shape} makes {values} values; the data have {data.Features} features per sample"));
    }

    private static ImmutableArray<Layer> Layers(ImmutableArray<LayerSpec> specs, Dataset data)
    {
        var last = -1;
        for (var i = 0; i < specs.Length; i++)
        {
            last = specs[i] is DenseSpec ? i : last;
        }

        return [.. specs.Select((spec, i) => spec is DenseSpec { Outputs: null } d
            ? i == last
                ? Layer(d with { Outputs = data.Classes }, data, string.Empty)
                : throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"objective.layers[{i}] (dense) needs the key 'outputs'; only the last dense layer's are the data's classes if it is left out"))
            : Layer(spec, data, string.Create(CultureInfo.InvariantCulture, $"objective.layers[{i}]")))];
    }

    /// <summary>One layer.</summary>
    /// <param name="spec">What it is.</param>
    /// <param name="data">The data, for sizes that are left open.</param>
    /// <param name="path">Where it stands in the spec.</param>
    internal static Layer Layer(LayerSpec spec, Dataset data, string path) => spec switch
    {
        DenseSpec s => new Dense(s.Outputs!.Value, Start(s.Start)),
        ConvolutionSpec s => new Convolution(s.Channels, s.Kernel, s.Stride, s.Padding, Start(s.Start)),
        MaxPoolingSpec s => new MaxPooling(s.Size, s.Stride),
        MeanPoolingSpec s => new MeanPooling(s.Size, s.Stride),
        FlattenSpec => new Flatten(),
        ReluSpec => new Relu(),
        TanhSpec => new Tanh(),
        GeluSpec => new Gelu(),
        LayerNormSpec => new LayerNorm(),
        _ => SequenceLayers.Of(spec, data, path),
    };

    private static WeightStart Start(string start) => start switch
    {
        "he" => WeightStart.He,
        "glorot" => WeightStart.Glorot,
        "zero" => WeightStart.Zero,
        _ => WeightStart.Auto,
    };
}
