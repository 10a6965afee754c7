namespace Sidestep.Training;

/// <summary>The largest value of each channel within a square window; of equal ones the first gets all of δ.</summary>
/// <remarks>Rows and columns that no window covers are left out. Costs no products.</remarks>
/// <param name="Size">Height and width of the window.</param>
/// <param name="Stride">Positions from one window to the next; 0: the size, windows next to each other.</param>
public sealed record MaxPooling(int Size, int Stride = 0) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "max-pooling";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => Window.Output(input, input.Channels, "size");

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new MaxPoolingPass(input, Window);

    private Window Window => new(Size, Stride == 0 ? Size : Stride, 0);
}
