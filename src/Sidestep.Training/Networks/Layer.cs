using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>One layer of a network: what it makes of a shape, its tensors, and its passes. Immutable recipe.</summary>
/// <remarks>Your own layer: derive a record, and write its pass. Every layer is held to central differences in double by the tests.</remarks>
public abstract record Layer
{
    /// <summary>The name in specs, such as <c>dense</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The shape of the output for an input.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="ConfigurationException">The layer cannot take such an input; says which shapes.</exception>
    public abstract MapShape Output(MapShape input);

    /// <summary>The layer's tensors, in the order in which they lie in the parameter vector.</summary>
    /// <param name="input">The input.</param>
    public virtual ImmutableArray<LayerTensor> Tensors(MapShape input) => [];

    /// <summary>Multiply-adds of a forward pass of one sample, matrix products alone. A backward pass costs twice as many.</summary>
    /// <param name="input">The input.</param>
    public virtual long Products(MapShape input) => 0;

    /// <summary>Whether the output may lie where the input lies (element-wise layers without tensors): the network then gives it no buffers of its own if it can.</summary>
    public virtual bool IsInPlace => false;

    /// <summary>Whether the backward pass reads the output: no layer behind may then write over it.</summary>
    public virtual bool ReadsOutput => false;

    /// <summary>The layer as it starts in its place: one whose start is left open takes it from what follows.</summary>
    /// <param name="followers">The layers behind it, next first.</param>
    public virtual Layer Before(ReadOnlySpan<Layer> followers) => this;

    /// <summary>Opens the layer's computations; one instance is used by one thread at a time.</summary>
    /// <param name="input">The input.</param>
    /// <param name="product">Matrix kernels.</param>
    public abstract LayerPass Open(MapShape input, IMatrixProduct product);
}

/// <summary>A tensor of a layer.</summary>
/// <param name="Name">Its name within the layer, such as <c>weight</c>.</param>
/// <param name="Dimensions">Its sizes, outermost first.</param>
/// <param name="Start">How it is drawn at the start.</param>
/// <param name="IsWeight">Whether it is a matrix of weights: penalised, and its gradient a product that derivative codes can code. Offsets and gains are not.</param>
public sealed record LayerTensor(string Name, ImmutableArray<int> Dimensions, Initializer Start, bool IsWeight);
