using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Adds a learned table (positions × channels) to the input, so that later layers know what stands where.</summary>
/// <remarks>Tensor <c>weight</c>: positions × channels, the same for all samples; its gradient is δ summed over the samples. It is no product of two
/// factors, so it is neither penalised nor coded. Source: Gehring et al., "Convolutional sequence to sequence learning", ICML 2017, section 3.1.</remarks>
public sealed record Positions : Layer
{
    /// <summary>Standard deviation of the table at the start; small beside that of <see cref="Embedding"/>.</summary>
    public const double StartDeviation = 0.02;

    /// <inheritdoc/>
    public override string Kind => "positions";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
        [new LayerTensor("weight", [input.Positions, input.Channels], Initializer.Normal(StartDeviation), IsWeight: false)];

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new PositionsPass();
}
