using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Scores W·x + b at every position: a dense layer over a plain vector, the same small one at each position of a map.</summary>
/// <remarks>Tensors: <c>weight</c> (outputs × channels) and <c>bias</c>. Costs positions·channels·outputs multiply-adds per sample.</remarks>
/// <param name="Outputs">Outputs per position; at least 1.</param>
/// <param name="Start">How the weights are drawn; offsets start at 0.</param>
public sealed record Dense(int Outputs, WeightStart Start = WeightStart.Auto) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "dense";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input with { Channels = BatchCheck.AtLeast(Outputs, 1, "outputs") };

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
    [
        new("weight", [Outputs, input.Channels], WeightStarts.Of(Start, input.Channels, Outputs), IsWeight: true),
        new("bias", [Outputs], Initializer.Constant(0), IsWeight: false),
    ];

    /// <inheritdoc/>
    public override long Products(MapShape input) => (long)input.Length * Outputs;

    /// <inheritdoc/>
    public override Layer Before(ReadOnlySpan<Layer> followers) => this with { Start = WeightStarts.Settle(Start, followers) };

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new DensePass(input, Outputs, product);
}
