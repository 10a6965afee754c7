namespace Sidestep.Training;

/// <summary>Sees a map as one plain vector: positions row by row, channels innermost. Costs nothing.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string Kind => "flatten";

    /// <inheritdoc/>
    public override bool IsInPlace => true;

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => MapShape.Vector(input.Length);

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new Pass();

    private sealed class Pass : LayerPass
    {
        public override void Forward(in LayerState state)
        {
        }

        public override void Backward(in LayerState state, Span<float> inputDelta)
        {
        }
    }
}
