using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Sidestep.Hosting;

/// <summary>A learned vector in the place of each token; the first layer over a text.</summary>
/// <param name="Channels">Length of the vectors.</param>
/// <param name="Vocabulary">Number of tokens; absent: the text's different characters.</param>
public sealed record EmbeddingSpec(
    [property: Range(1, 65536)] int Channels, [property: Range(2, 65536)] int? Vocabulary = null) : LayerSpec;

/// <summary>Adds a learned vector per position, the same for all samples.</summary>
public sealed record PositionsSpec : LayerSpec;

/// <summary>Causal self-attention: each position takes in a weighted mean of what stands at it and before it.</summary>
/// <param name="Heads">Number of heads; divides the channels.</param>
public sealed record AttentionSpec([property: Range(1, 65536)] int Heads) : LayerSpec;

/// <summary>Adds the input to what inner layers make of it; they must keep its shape.</summary>
/// <param name="Layers">The inner layers, first to last.</param>
public sealed record ResidualSpec([property: Length(1, 1024)] ImmutableArray<LayerSpec> Layers) : LayerSpec;
