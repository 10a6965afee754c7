using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Groups of tensors, each cut into K blocks of its own, and one block with all other tensors, whole: one message for every group.</summary>
/// <remarks>Block g·K + b holds part b of every tensor of group g, in tensor order; what a row mixes is of one group, hence of like scale. The last block,
/// <i>rest</i>, holds the tensors in no group; it is absent when there are none.</remarks>
public sealed record LayerGroupsLayout : TensorLayout
{
    private readonly ImmutableArray<int> _groupOf;

    /// <summary>Creates it.</summary>
    /// <param name="groups">The tensors of each group, in the order in which groups are sent; no tensor is in two.</param>
    /// <param name="rowParts">Parts of the first axis, at least 1.</param>
    /// <param name="columnParts">Parts of the other axes, at least 1; K is the product of the two.</param>
    /// <exception cref="ConfigurationException">There is no group, a group is empty, a tensor is in two, or a number of parts is below 1.</exception>
    public LayerGroupsLayout(ImmutableArray<ImmutableArray<int>> groups, int rowParts, int columnParts = 1)
    {
        if (rowParts < 1 || columnParts < 1)
        {
            throw new ConfigurationException($"tensors are cut into {rowParts} × {columnParts} parts; at least 1 × 1 are needed");
        }

        if (groups.IsDefaultOrEmpty || groups.Any(g => g.IsDefaultOrEmpty))
        {
            throw new ConfigurationException("a group of layers has no tensors; give each group at least one");
        }

        var groupOf = Enumerable.Repeat(-1, groups.Max(g => g.Max()) + 1).ToArray();
        for (var g = 0; g < groups.Length; g++)
        {
            foreach (var tensor in groups[g])
            {
                groupOf[tensor] = groupOf[tensor] < 0 ? g : throw new ConfigurationException($"tensor {tensor} is in groups {groupOf[tensor]} and {g}; it may be in one");
            }
        }

        (Groups, RowParts, ColumnParts, _groupOf) = (groups, rowParts, columnParts, [.. groupOf]);
    }

    /// <summary>The tensors of each group.</summary>
    public ImmutableArray<ImmutableArray<int>> Groups { get; }

    /// <summary>Parts of the first axis.</summary>
    public int RowParts { get; }

    /// <summary>Parts of the other axes.</summary>
    public int ColumnParts { get; }

    /// <summary>Blocks of a group (K).</summary>
    public int Parts => RowParts * ColumnParts;

    /// <summary>The group of a block; the number of groups: the rest.</summary>
    /// <param name="block">The block.</param>
    public int GroupOf(int block) => Math.Min(Groups.Length, block / Parts);

    /// <summary>Whether some tensors are in no group.</summary>
    /// <param name="shape">The model.</param>
    public bool HasRest(ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Tensors.Length > Groups.Sum(g => g.Length);
    }

    /// <inheritdoc/>
    public override bool Holds(int block, int tensor) => block < Groups.Length * Parts ? InGroup(tensor) == block / Parts : InGroup(tensor) < 0;

    /// <inheritdoc/>
    public override TensorCut Cut(int block, TensorShape tensor) =>
        block < Groups.Length * Parts ? TensorCut.Of(tensor, RowParts, ColumnParts) : TensorCut.Of(tensor, 1, 1);

    /// <inheritdoc/>
    public override int Part(int block) => block < Groups.Length * Parts ? block % Parts : 0;

    /// <inheritdoc/>
    public override int Count(ModelShape shape) => (Groups.Length * Parts) + (HasRest(shape) ? 1 : 0);

    private int InGroup(int tensor) => tensor < _groupOf.Length ? _groupOf[tensor] : -1;
}
