using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Layers beside which the input is carried on: output = input + layers(input).</summary>
/// <param name="Layers">The inner layers, first to last; together they must give the shape they take.</param>
/// <remarks>Tensors are those of the inner layers, named by their place within: <c>1.weight</c>. Its gradients are known all at once, as one stage.
/// Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016; before the layers' own normalisation as in
/// Xiong et al., "On layer normalization in the transformer architecture", ICML 2020.
/// <code>new Residual([new LayerNorm(), new Attention(Heads: 4)])</code></remarks>
public sealed record Residual(ImmutableArray<Layer> Layers) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "residual";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        BatchCheck.AtLeast(Layers.Length, 1, "the number of layers in residual");
        var output = PlacedLayer.Place(input, Layers)[^1].Output;
        return output == input
            ? input
            : throw new ConfigurationException($"residual adds its input, {input}, to what its layers make of it, {output}; the shapes must be equal");
    }

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
        [.. PlacedLayer.Place(input, Layers).SelectMany((l, i) => l.Tensors.Select(t => t with { Name = $"{i}.{t.Name}" }))];

    /// <inheritdoc/>
    public override long Products(MapShape input) => PlacedLayer.Place(input, Layers).Sum(l => l.Products);

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new ResidualPass(PlacedLayer.Place(input, Layers), product);
}
