using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>One layer of a network. Docs: <c>docs/networks.md</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseSpec), "dense")]
[JsonDerivedType(typeof(ConvolutionSpec), "convolution")]
[JsonDerivedType(typeof(MaxPoolingSpec), "max-pooling")]
[JsonDerivedType(typeof(MeanPoolingSpec), "mean-pooling")]
[JsonDerivedType(typeof(FlattenSpec), "flatten")]
[JsonDerivedType(typeof(ReluSpec), "relu")]
[JsonDerivedType(typeof(TanhSpec), "tanh")]
[JsonDerivedType(typeof(GeluSpec), "gelu")]
[JsonDerivedType(typeof(LayerNormSpec), "layer-norm")]
[JsonDerivedType(typeof(EmbeddingSpec), "embedding")]
[JsonDerivedType(typeof(PositionsSpec), "positions")]
[JsonDerivedType(typeof(AttentionSpec), "attention")]
[JsonDerivedType(typeof(ResidualSpec), "residual")]
[NotOffered("batch-norm", BatchNorm)]
[NotOffered("batch-normalization", BatchNorm)]
public abstract record LayerSpec
{
    private const string BatchNorm =
        "with it the loss of a sample depends on its batch mates, and gradients of partitions do not add up to the whole; use layer-norm";
}

/// <summary>Scores W·x + b at every position.</summary>
/// <param name="Outputs">Outputs per position; the network's last dense layer gives the data's classes if it says nothing.</param>
/// <param name="Start">How weights are drawn: <c>auto</c> is <c>he</c> before ReLU and GELU, else <c>glorot</c>.</param>
public sealed record DenseSpec(
    [property: Range(1, 100_000_000)] int? Outputs = null,
    [property: AllowedValues("auto", "he", "glorot", "zero")] string Start = "auto") : LayerSpec;

/// <summary>A 2-D convolution with a square kernel.</summary>
/// <param name="Channels">Channels of the output.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Positions from one place to the next.</param>
/// <param name="Padding">Zeros around the map, on each side; below the kernel.</param>
/// <param name="Start">How weights are drawn: <c>auto</c> is <c>he</c> before ReLU and GELU, else <c>glorot</c>.</param>
public sealed record ConvolutionSpec(
    [property: Range(1, 65536)] int Channels,
    [property: Range(1, 1024)] int Kernel,
    [property: Range(1, 1024)] int Stride = 1,
    [property: Range(0, 1023)] int Padding = 0,
    [property: AllowedValues("auto", "he", "glorot", "zero")] string Start = "auto") : LayerSpec;

/// <summary>The largest value of each channel within a square window.</summary>
/// <param name="Size">Height and width of the window.</param>
/// <param name="Stride">Positions from one window to the next; 0: the size.</param>
public sealed record MaxPoolingSpec([property: Range(1, 1024)] int Size, [property: Range(0, 1024)] int Stride = 0) : LayerSpec;

/// <summary>The mean of each channel within a square window.</summary>
/// <param name="Size">Height and width of the window.</param>
/// <param name="Stride">Positions from one window to the next; 0: the size.</param>
public sealed record MeanPoolingSpec([property: Range(1, 1024)] int Size, [property: Range(0, 1024)] int Stride = 0) : LayerSpec;

/// <summary>Makes one plain vector of a map.</summary>
public sealed record FlattenSpec : LayerSpec;

/// <summary>max(0, x).</summary>
public sealed record ReluSpec : LayerSpec;

/// <summary>The hyperbolic tangent.</summary>
public sealed record TanhSpec : LayerSpec;

/// <summary>The Gaussian error linear unit, in its tanh form.</summary>
public sealed record GeluSpec : LayerSpec;

/// <summary>Norms the channels of each position; gain and offset per channel.</summary>
public sealed record LayerNormSpec : LayerSpec;

/// <summary>What a data row is to a network.</summary>
/// <param name="Height">Rows of positions.</param>
/// <param name="Width">Columns of positions.</param>
/// <param name="Channels">Values at each position.</param>
/// <param name="Order">How the values of a row lie: <c>interleaved</c>, all channels of a position together, or <c>planes</c>, all positions of a channel.</param>
public sealed record InputSpec(
    [property: Range(1, 65536)] int Height,
    [property: Range(1, 65536)] int Width = 1,
    [property: Range(1, 65536)] int Channels = 1,
    [property: AllowedValues("interleaved", "planes")] string Order = "interleaved");
