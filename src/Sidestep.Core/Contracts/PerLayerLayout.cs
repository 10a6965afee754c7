namespace Sidestep;

/// <summary>Every tensor is cut into K parts; block b holds part b of every tensor, in tensor order: one message for the whole model.</summary>
/// <remarks>With row parts alone, a worker can code δ before the outer product; with column parts, the layer's input. A tensor of R rows is padded to
/// K·⌈R/K⌉ rows. Vectors are cut into K parts along their axis.</remarks>
/// <param name="RowParts">Parts of the first axis (output neurons), at least 1.</param>
/// <param name="ColumnParts">Parts of the other axes (inputs), at least 1; K is the product of the two.</param>
public sealed record PerLayerLayout(int RowParts, int ColumnParts = 1) : TensorLayout
{
    /// <summary>Number of blocks (K).</summary>
    public int Blocks => RowParts * ColumnParts;

    /// <inheritdoc/>
    public override bool Holds(int block, int tensor) => true;

    /// <inheritdoc/>
    public override TensorCut Cut(int block, TensorShape tensor) => TensorCut.Of(tensor, RowParts, ColumnParts);

    /// <inheritdoc/>
    public override int Part(int block) => block;

    /// <inheritdoc/>
    public override int Count(ModelShape shape) => Blocks;
}
