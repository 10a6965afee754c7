using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A network of layers with a loss at its end, by explicit back-propagation.</summary>
/// <remarks>Loss of a sample: that of <see cref="NetworkLoss"/>, plus λ/2·‖weights‖²; offsets and gains are free of the penalty. Tensors are named by the
/// layer's position: <c>layer0.weight</c>, <c>layer0.bias</c>, <c>layer3.weight</c>, …. A gradient costs
/// two operations for each multiply-add of <see cref="GradientProducts"/>. Data rows must be dense. One instance is used by one thread at a time.
/// <code>var network = new Network(
///     new MapShape(28, 28, 1),
///     [new Convolution(16, 3, Padding: 1), new Relu(), new MaxPooling(2), new Flatten(), new Dense(10)],
///     new ClassLoss(10));</code></remarks>
public sealed class Network : ILayered
{
    // Layer outputs of so many floats are computed at a time, so that they stay in the caches; and bounds on the samples that are.
    private const int ChunkFloats = 1 << 19;
    private const int LeastChunk = 8;

    private readonly NetworkPass _pass;

    /// <summary>Creates it.</summary>
    /// <param name="input">What a sample is.</param>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="loss">The loss at the end.</param>
    /// <param name="l2">λ, the weight of the penalty; at least 0.</param>
    /// <param name="kernels">Which matrix kernels.</param>
    /// <param name="order">How the values of a data row are ordered.</param>
    /// <exception cref="ConfigurationException">A size or λ is not valid, a layer cannot take what comes before it (says which, and the shapes), or the kernels are not there.</exception>
    public Network(
        MapShape input,
        ImmutableArray<Layer> layers,
        NetworkLoss loss,
        double l2 = 0,
        KernelChoice kernels = KernelChoice.Auto,
        InputOrder order = InputOrder.Planes)
    {
        BatchCheck.AtLeast(input.Height, 1, "input height");
        BatchCheck.AtLeast(input.Width, 1, "input width");
        BatchCheck.AtLeast(input.Channels, 1, "input channels");
        BatchCheck.AtLeast(layers.Length, 1, "the number of layers");
        (Input, Loss, Order, Penalty) = (input, loss, order, BatchCheck.Penalty(l2));
        Layers = PlacedLayer.Place(input, layers);
        loss.Check(Layers[^1].Output);
        Shape = new ModelShape([.. Layers.SelectMany((l, i) => l.Tensors.Select(t => new TensorShape($"layer{i}.{t.Name}", t.Dimensions)))]);
        IsWeight = [.. Layers.SelectMany(l => l.Tensors).Select(t => t.IsWeight)];
        StageLayers = [.. Enumerable.Range(0, Layers.Length).Where(i => Layers[i].Tensors.Length > 0).Reverse()];
        Stages = [.. StageLayers.Select(i => Enumerable.Range(Layers[i].FirstTensor, Layers[i].Tensors.Length).ToImmutableArray())];
        BatchCheck.AtLeast(Stages.Length, 1, "the number of layers with parameters");
        Product = MatrixProduct.Create(kernels);
        Chunk = (int)Math.Clamp(ChunkFloats / Layers.Sum(l => (long)l.Output.Length), LeastChunk, BatchCheck.Chunk);
        _pass = new NetworkPass(this);
    }

    /// <inheritdoc/>
    public ModelShape Shape { get; }

    /// <summary>What a sample is.</summary>
    public MapShape Input { get; }

    /// <summary>How the values of a data row are ordered.</summary>
    public InputOrder Order { get; }

    /// <summary>The layers in their places.</summary>
    public ImmutableArray<PlacedLayer> Layers { get; }

    /// <summary>The loss at the end.</summary>
    public NetworkLoss Loss { get; }

    /// <inheritdoc/>
    public double Penalty { get; }

    /// <inheritdoc/>
    public ImmutableArray<bool> IsWeight { get; }

    /// <inheritdoc/>
    public ImmutableArray<ImmutableArray<int>> Stages { get; }

    /// <summary>Multiply-adds of all matrix products in a forward pass of one sample.</summary>
    public long Products => Layers.Sum(l => l.Products);

    /// <summary>Multiply-adds of forward and backward pass of one sample: three times a forward pass, but nobody wants δ of the first layer's input.</summary>
    public long GradientProducts => (3 * Products) - Layers[StageLayers[^1]].Products;

    long ILayered.Products(int stage) => Layers[StageLayers[stage]].Products;

    /// <summary>Samples whose gradient is computed at a time, so that memory does not grow with the batch: 8 to 256, by the size of the layers' outputs.</summary>
    public int Chunk { get; }

    /// <summary>The matrix kernels; this instance's own.</summary>
    internal IMatrixProduct Product { get; }

    /// <summary>The layer of each stage.</summary>
    internal ImmutableArray<int> StageLayers { get; }

    /// <inheritdoc/>
    public void Initialize(Rng rng, Span<float> model)
    {
        BatchCheck.Lengths(Shape, model, model);
        foreach (var tensor in Layers.SelectMany(l => l.Tensors))
        {
            var length = new TensorShape(tensor.Name, tensor.Dimensions).Length;
            tensor.Start.Fill(ref rng, model[..length]);
            model = model[length..];
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The samples are sparse or have another number of features, or a label is not valid.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        BatchCheck.Lengths(Shape, model, sum);
        double loss = 0;
        var size = ChunkSize(batch.Count);
        for (var start = 0; start < batch.Count; start += size)
        {
            stop.ThrowIfCancellationRequested();
            loss += _pass.Run(BatchCheck.Slice(batch, start, Math.Min(size, batch.Count - start)), model);
            for (var stage = 0; stage < Stages.Length; stage++)
            {
                _pass.Back(stage, model);
                foreach (var tensor in Stages[stage])
                {
                    _pass.AddGradient(tensor, model, sum.Slice(_pass.Offset(tensor), Shape.Tensors[tensor].Length));
                }
            }
        }

        return loss + WeightPenalty.AddGradient(Shape, IsWeight, Penalty, batch.Count, model, sum);
    }

    /// <summary>Adds "loss" (penalty included) and what the loss measures beside.</summary>
    /// <inheritdoc/>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        BatchCheck.Lengths(Shape, model, model);
        var loss = WeightPenalty.Loss(Shape, IsWeight, Penalty, batch.Count, model);
        var size = ChunkSize(batch.Count);
        for (var start = 0; start < batch.Count; start += size)
        {
            loss += _pass.Measure(BatchCheck.Slice(batch, start, Math.Min(size, batch.Count - start)), model, metrics);
        }

        metrics.Add("loss", loss, batch.Count);
    }

    /// <inheritdoc/>
    public IStagedPass OpenPass() => new NetworkPass(this);

    // Equal parts, not whole ones and a small rest.
    private int ChunkSize(int samples)
    {
        var parts = Math.Max(1, (samples + Chunk - 1) / Chunk);
        return Math.Max(1, (samples + parts - 1) / parts);
    }
}
