using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Centres the channels of each position and divides them by their standard deviation; then a gain and an offset per channel.</summary>
/// <remarks>Source: Ba, Kiros, Hinton, "Layer normalization", 2016; 1e-5 is added to the variance. Tensors: <c>gain</c>, from 1, and <c>offset</c>, from 0.
/// It stands where others use batch normalization: there the loss of a sample depends on its batch mates, and gradients of partitions no longer add up
/// to the gradient of the whole.</remarks>
public sealed record LayerNorm : Layer
{
    /// <inheritdoc/>
    public override string Kind => "layer-norm";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input.Channels > 1
        ? input
        : throw new ConfigurationException($"there is one channel at each position of {input}, which would always become 0; it takes at least 2");

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
    [
        new("gain", [input.Channels], Initializer.Constant(1), IsWeight: false),
        new("offset", [input.Channels], Initializer.Constant(0), IsWeight: false),
    ];

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new LayerNormPass(input);
}
