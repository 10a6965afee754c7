namespace Sidestep.Training;

/// <summary>What a layer's computations see of a pass over some samples. Buffers belong to the network and keep their contents until its next pass.</summary>
public readonly ref struct LayerState
{
    /// <summary>Number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>The layer's parameters.</summary>
    public required ReadOnlySpan<float> Parameters { get; init; }

    /// <summary>samples × values of the input. In place (<see cref="Layer.IsInPlace"/>): the same memory as <see cref="Output"/>.</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>samples × values of the output. In a backward pass it is what the forward pass wrote only if <see cref="Layer.ReadsOutput"/>.</summary>
    public required Span<float> Output { get; init; }

    /// <summary>δ, the gradient of the summed loss in the output; samples × values of the output. Empty in a forward pass.</summary>
    public required Span<float> Delta { get; init; }
}

/// <summary>The two factors of a weight tensor's gradient: it is LeftᵀRight, summed over samples and positions.</summary>
public readonly ref struct GradientFactors
{
    /// <summary>δ side: M × (tensor rows), row-major, M = samples · positions.</summary>
    public required ReadOnlySpan<float> Left { get; init; }

    /// <summary>Input side: M × (tensor columns), row-major or CSR.</summary>
    public required LayerInput Right { get; init; }

    /// <summary>Columns of <see cref="Left"/>.</summary>
    public required int LeftColumns { get; init; }
}

/// <summary>A layer's computations. Allocates only when more samples come than ever before.</summary>
public abstract class LayerPass
{
    /// <summary>Writes the output; may keep what the backward pass needs.</summary>
    /// <param name="state">Parameters, input, and the output to write.</param>
    public abstract void Forward(in LayerState state);

    /// <summary>Passes δ back. Afterwards gradients can be taken.</summary>
    /// <param name="state">As in the forward pass, with δ of the output.</param>
    /// <param name="inputDelta">Receives δ of the input; in place: the same memory as δ of the output; empty: nobody wants it.</param>
    public abstract void Backward(in LayerState state, Span<float> inputDelta);

    /// <summary>Adds the gradient of one of the layer's tensors, after <see cref="Backward"/>.</summary>
    /// <param name="tensor">Index into <see cref="Layer.Tensors"/>.</param>
    /// <param name="state">As in the backward pass.</param>
    /// <param name="sum">The tensor's gradient is added to it.</param>
    public virtual void AddGradient(int tensor, in LayerState state, Span<float> sum) =>
        throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "the layer has no such tensor");

    /// <summary>The factors of a weight tensor's gradient, after <see cref="Backward"/>; not for tensors that are no weights.</summary>
    /// <param name="tensor">Index into <see cref="Layer.Tensors"/>.</param>
    /// <param name="state">As in the backward pass.</param>
    public virtual GradientFactors Factors(int tensor, scoped in LayerState state) =>
        throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "the layer has no such weights");
}
