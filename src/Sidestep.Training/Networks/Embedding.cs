using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Puts a learned vector in the place of each token: positions × 1 token numbers become positions × <see cref="Channels"/> values.</summary>
/// <param name="Vocabulary">Number of tokens; a token is a whole number from 0 to one less.</param>
/// <param name="Channels">Length of the vectors.</param>
/// <remarks>Tensor <c>weight</c>: vocabulary × channels, normal with deviation <see cref="StartDeviation"/>. Its gradient is EᵀΔ with one row of E per position, 1 at the position's
/// token and 0 else: adding it up costs one addition per element of δ. As factors (<see cref="LayerPass.Factors"/>) E is written out, M × vocabulary: meant for characters.
/// <code>new Embedding(Vocabulary: 65, Channels: 128)</code></remarks>
public sealed record Embedding(int Vocabulary, int Channels) : Layer
{
    /// <summary>Standard deviation of the vectors' elements at the start.</summary>
    public const double StartDeviation = 0.02;

    /// <inheritdoc/>
    public override string Kind => "embedding";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        BatchCheck.AtLeast(Vocabulary, 2, "embedding.vocabulary");
        BatchCheck.AtLeast(Channels, 1, "embedding.channels");
        return input.Channels == 1
            ? input with { Channels = Channels }
            : throw new ConfigurationException($"embedding takes positions of one token number each, such as 64 × 1 × 1; here come {input}");
    }

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
        [new LayerTensor("weight", [Vocabulary, Channels], Initializer.Normal(StartDeviation), IsWeight: true)];

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new EmbeddingPass(this, input.Positions);
}
