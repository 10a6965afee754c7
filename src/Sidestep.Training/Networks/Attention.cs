using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>Causal self-attention with several heads: each position takes in a weighted mean of what stands at it and before it.</summary>
/// <param name="Heads">Number of heads h; divides the channels C. A head works on d = C/h channels.</param>
/// <remarks>With X (positions × C) the layer's input: [Q K V] = X·Wᵀ + b, for each head softmax(QKᵀ/√d, later positions left out)·V, the heads side by side
/// times the output weight, plus its bias. Tensors: <c>weight</c> (3C × C; queries, keys, values, each head by head), <c>bias</c> (3C),
/// <c>output.weight</c> (C × C), <c>output.bias</c> (C). Multiply-adds of a sample with T positions: 4·T·C² + 2·T²·C.
/// Source: Vaswani et al., "Attention is all you need", NeurIPS 2017, section 3.2.
/// <code>new Attention(Heads: 4)</code></remarks>
public sealed record Attention(int Heads) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "attention";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        BatchCheck.AtLeast(Heads, 1, "attention.heads");
        if (input.Channels % Heads == 0)
        {
            return input;
        }

        // 1 divides every number, so there is a nearest one below.
        var below = Math.Min(Heads, input.Channels);
        while (input.Channels % below != 0)
        {
            below--;
        }

        throw new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture,
            $"attention.heads is {Heads}, which does not divide the {input.Channels} channels of {input}; the nearest number below that does is {below}"));
    }

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input)
    {
        var channels = input.Channels;
        return
        [
            new LayerTensor("weight", [3 * channels, channels], Initializer.Glorot(channels, channels), IsWeight: true),
            new LayerTensor("bias", [3 * channels], Initializer.Constant(0), IsWeight: false),
            new LayerTensor("output.weight", [channels, channels], Initializer.Glorot(channels, channels), IsWeight: true),
            new LayerTensor("output.bias", [channels], Initializer.Constant(0), IsWeight: false),
        ];
    }

    /// <inheritdoc/>
    public override long Products(MapShape input)
    {
        long channels = input.Channels;
        return (4 * input.Positions * channels * channels) + (2 * channels * input.Positions * input.Positions);
    }

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new AttentionPass(input, Heads, product);
}
