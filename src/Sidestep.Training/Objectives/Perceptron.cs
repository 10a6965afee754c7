using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A perceptron of any depth with softmax and cross-entropy at its end.</summary>
/// <remarks><para>Tensors: for each layer ℓ from 0 <c>layerℓ.weight</c> (outputs × inputs) and <c>layerℓ.bias</c>. Loss of a sample: cross-entropy
/// plus λ/2·‖weights‖², biases free. Start: He normal (He et al. 2015) before ReLU, Glorot uniform (Glorot, Bengio 2010) else; biases 0.</para>
/// <para>A gradient costs about 6·(number of weights) operations per sample. Scratch: 256 samples × (2 × neurons), kept. Nothing is allocated once warm.</para>
/// <code>var objective = new Perceptron(784, [128], 10, Activation.Relu, l2: 1e-4);
/// var model = new float[objective.Shape.Length];
/// objective.Initialize(new Rng(1, Purpose.Initialize, Slots.Coordinator, 0, 0), model);</code></remarks>
public sealed class Perceptron : ILayered
{
    private readonly PerceptronPass _pass;

    /// <summary>Creates it.</summary>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="hidden">Neurons of the hidden layers, first to last; empty: softmax regression.</param>
    /// <param name="outputs">Classes; labels are 0 to outputs − 1.</param>
    /// <param name="activation">The nonlinearity of the hidden layers.</param>
    /// <param name="l2">λ, the weight of the penalty; at least 0.</param>
    /// <param name="kernels">Which matrix kernels.</param>
    /// <exception cref="ConfigurationException">A size or λ is not valid, or the kernels are not there.</exception>
    public Perceptron(
        int inputs, ImmutableArray<int> hidden, int outputs, Activation activation, double l2, KernelChoice kernels = KernelChoice.Auto)
    {
        BatchCheck.AtLeast(inputs, 1, nameof(inputs));
        BatchCheck.AtLeast(outputs, 2, nameof(outputs));
        foreach (var neurons in hidden)
        {
            BatchCheck.AtLeast(neurons, 1, nameof(hidden));
        }

        if (!Enum.IsDefined(activation))
        {
            throw new ConfigurationException($"activation {(int)activation} is unknown; choose relu or tanh");
        }

        Penalty = BatchCheck.Penalty(l2);
        Activation = activation;
        Widths = [inputs, .. hidden, outputs];
        Shape = ShapeOf(Widths);
        Product = MatrixProduct.Create(kernels);
        IsWeight = [.. Shape.Tensors.Select((_, t) => WeightPenalty.IsPenalised(t))];
        Stages = [.. Enumerable.Range(0, Widths.Length - 1).Reverse().Select(layer => ImmutableArray.Create(2 * layer, (2 * layer) + 1))];
        _pass = CreatePass();
    }

    /// <inheritdoc/>
    public ModelShape Shape { get; }

    /// <summary>Inputs, hidden layers, outputs.</summary>
    public ImmutableArray<int> Widths { get; }

    /// <summary>The nonlinearity of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <inheritdoc/>
    public double Penalty { get; }

    /// <inheritdoc/>
    public ImmutableArray<bool> IsWeight { get; }

    /// <summary>A stage for each layer: weights and biases, last layer first.</summary>
    public ImmutableArray<ImmutableArray<int>> Stages { get; }

    /// <summary>The matrix kernels; this instance's own.</summary>
    public IMatrixProduct Product { get; }

    /// <inheritdoc/>
    public void Initialize(Rng rng, Span<float> model)
    {
        BatchCheck.Lengths(Shape, model, model);
        for (int layer = 0, at = 0; layer + 1 < Widths.Length; layer++)
        {
            int inputs = Widths[layer], outputs = Widths[layer + 1];
            var weight = model.Slice(at, inputs * outputs);
            var isBeforeRelu = Activation == Activation.Relu && layer + 2 < Widths.Length;
            foreach (ref var w in weight)
            {
                w = isBeforeRelu
                    ? (float)(Math.Sqrt(2.0 / inputs) * rng.NextGaussian())
                    : (float)(Math.Sqrt(6.0 / (inputs + outputs)) * ((2 * rng.NextDouble()) - 1));
            }

            model.Slice(at + weight.Length, outputs).Clear();
            at += (inputs + 1) * outputs;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The samples have another number of features, or a label is not a class.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        BatchCheck.Features(batch, Widths[0]);
        BatchCheck.Lengths(Shape, model, sum);
        double loss = 0;
        for (var start = 0; start < batch.Count; start += BatchCheck.Chunk)
        {
            stop.ThrowIfCancellationRequested();
            loss += _pass.Run(BatchCheck.Slice(batch, start, Math.Min(BatchCheck.Chunk, batch.Count - start)), model);
            AddGradients(sum);
        }

        return loss + WeightPenalty.AddGradient(Shape, Penalty, batch.Count, model, sum);
    }

    /// <summary>Adds "loss" (penalty included) and "accuracy" (largest score at the label).</summary>
    /// <inheritdoc/>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        BatchCheck.Features(batch, Widths[0]);
        BatchCheck.Lengths(Shape, model, model);
        var loss = WeightPenalty.Loss(Shape, Penalty, batch.Count, model);
        long hits = 0;
        for (var start = 0; start < batch.Count; start += BatchCheck.Chunk)
        {
            var (chunkLoss, chunkHits) = _pass.Measure(BatchCheck.Slice(batch, start, Math.Min(BatchCheck.Chunk, batch.Count - start)), model);
            loss += chunkLoss;
            hits += chunkHits;
        }

        metrics.Add("loss", loss, batch.Count);
        metrics.Add("accuracy", hits, batch.Count);
    }

    /// <inheritdoc/>
    public IStagedPass OpenPass() => CreatePass();

    private PerceptronPass CreatePass() => new(Widths, Activation, Product);

    private void AddGradients(Span<float> sum)
    {
        for (int layer = 0, at = 0; layer < _pass.Layers; layer++)
        {
            int inputs = Widths[layer], outputs = Widths[layer + 1];
            var delta = _pass.Delta(layer);
            CodedLayer.WeightGradient(Product, delta, outputs, _pass.Input(layer), sum.Slice(at, inputs * outputs));
            CodedLayer.BiasGradient(delta, _pass.Samples, sum.Slice(at + (inputs * outputs), outputs));
            at += (inputs + 1) * outputs;
        }
    }

    private static ModelShape ShapeOf(ImmutableArray<int> widths)
    {
        var tensors = ImmutableArray.CreateBuilder<TensorShape>();
        for (var layer = 0; layer + 1 < widths.Length; layer++)
        {
            tensors.Add(new TensorShape($"layer{layer}.weight", [widths[layer + 1], widths[layer]]));
            tensors.Add(new TensorShape($"layer{layer}.bias", [widths[layer + 1]]));
        }

        return new ModelShape(tensors.ToImmutable());
    }
}
