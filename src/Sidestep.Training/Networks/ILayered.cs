using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>An objective whose back-propagation can be gone through one stage at a time, so that derivatives are coded, and sent, while it goes on.</summary>
public interface ILayered : IObjective
{
    /// <summary>λ of the penalty λ/2·‖weights‖² of each sample; 0: none.</summary>
    double Penalty { get; }

    /// <summary>For each tensor of the shape, whether it is a matrix of weights: penalised, and its gradient a product of two factors.</summary>
    ImmutableArray<bool> IsWeight { get; }

    /// <summary>For each stage of a backward pass, the tensors whose gradients are known after it. Stage 0 is the last layer that has any; each tensor is in one stage.</summary>
    ImmutableArray<ImmutableArray<int>> Stages { get; }

    /// <summary>Multiply-adds of a stage's matrix products in a forward pass of one sample: how costs are shared among stages. If not told: one for each weight.</summary>
    /// <param name="stage">Index into <see cref="Stages"/>.</param>
    long Products(int stage) => Stages[stage].Sum(t => IsWeight[t] ? (long)Shape.Tensors[t].Length : 0);

    /// <summary>Opens a pass with buffers of its own; shares this instance's kernels.</summary>
    IStagedPass OpenPass();
}

/// <summary>Forward and backward pass over one batch. What gradients need is kept until the next <see cref="Forward"/>. One thread at a time.</summary>
public interface IStagedPass
{
    /// <summary>Samples of the last forward pass.</summary>
    int Samples { get; }

    /// <summary>Computes activations, loss, and δ of the loss.</summary>
    /// <param name="batch">The samples; its memory must stay as it is until the next forward pass.</param>
    /// <param name="model">The parameters; likewise.</param>
    /// <returns>The summed loss without penalty.</returns>
    double Forward(in Batch batch, ReadOnlyMemory<float> model);

    /// <summary>Goes on to the next stage: afterwards its gradients, and those of stages before, can be taken.</summary>
    /// <param name="stage">Index into <see cref="ILayered.Stages"/>; one after the other, from 0.</param>
    void Backward(int stage);

    /// <summary>The factors of a weight tensor's gradient (without penalty).</summary>
    /// <param name="tensor">Index into the shape's tensors.</param>
    GradientFactors Factors(int tensor);

    /// <summary>Adds a tensor's gradient (without penalty), summed over the samples.</summary>
    /// <param name="tensor">Index into the shape's tensors.</param>
    /// <param name="sum">Receives it.</param>
    void AddGradient(int tensor, Span<float> sum);
}
