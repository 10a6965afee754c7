namespace Sidestep.Training;

/// <summary>Softmax regression (multinomial logistic regression): a perceptron without hidden layers that starts at zero.</summary>
/// <remarks>Loss of a sample: cross-entropy of W·x + b, plus λ/2·‖W‖²; the bias is free. Tensors <c>layer0.weight</c> (classes × features) and
/// <c>layer0.bias</c>. A gradient costs 4·classes·features operations per dense sample, 4·classes per non-zero of a sparse one.
/// <code>var objective = new Softmax(features: 784, classes: 10, l2: 1e-4);</code></remarks>
public sealed class Softmax : IObjective
{
    private readonly Perceptron _layer;

    /// <summary>Creates it.</summary>
    /// <param name="features">Features of a sample.</param>
    /// <param name="classes">Classes, at least 2; labels are 0 to classes − 1.</param>
    /// <param name="l2">λ, the weight of the penalty; at least 0.</param>
    /// <param name="kernels">Which matrix kernels.</param>
    /// <exception cref="ConfigurationException">A size or λ is not valid, or the kernels are not there.</exception>
    public Softmax(int features, int classes, double l2, KernelChoice kernels = KernelChoice.Auto) =>
        _layer = new Perceptron(
            BatchCheck.AtLeast(features, 1, nameof(features)), [], BatchCheck.AtLeast(classes, 2, nameof(classes)), Activation.Relu, l2, kernels);

    /// <inheritdoc/>
    public ModelShape Shape => _layer.Shape;

    /// <summary>Zeros: the problem is convex.</summary>
    /// <inheritdoc/>
    public void Initialize(Rng rng, Span<float> model)
    {
        BatchCheck.Lengths(Shape, model, model);
        model.Clear();
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The samples have another number of features, or a label is not a class.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) =>
        _layer.Gradient(batch, model, sum, stop);

    /// <summary>Adds "loss" (penalty included) and "accuracy" (largest score at the label).</summary>
    /// <inheritdoc/>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) => _layer.Evaluate(batch, model, metrics);
}
