using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A part of a tensor in a row: where it lies, and what it is the sum of.</summary>
/// <param name="Tensor">Index into the shape's tensors.</param>
/// <param name="Offset">Where the tensor starts in the parameter vector.</param>
/// <param name="At">Where the part starts in the row.</param>
/// <param name="Stage">The stage of the backward pass that knows it.</param>
/// <param name="Cut">How the tensor is cut.</param>
/// <param name="Products">For each partition of the row, the coded products; empty for tensors that are no weights.</param>
internal sealed record RowPart(int Tensor, int Offset, int At, int Stage, TensorCut Cut, ImmutableArray<ImmutableArray<CodedProduct>> Products)
{
    /// <summary>Whether the row takes the tensor whole and once, so that its gradient can be added where it will be sent from.</summary>
    /// <param name="parts">The weight of each part.</param>
    public bool IsPlain(ImmutableArray<BlockWeight> parts) => Cut.Parts == 1 && parts is [{ Weight: 1f }];
}

/// <summary>A row as its computations inside back-propagation.</summary>
/// <param name="Uses">What the row takes from each partition, over parts (not blocks) of its tensors.</param>
/// <param name="Parts">The parts it consists of, last layer first: the order in which they become known.</param>
internal sealed record RowCoding(ImmutableArray<PartitionUse> Uses, ImmutableArray<RowPart> Parts)
{
    /// <summary>The stage after which the whole row is known.</summary>
    public int LastStage => Parts[^1].Stage;

    /// <summary>Works a row out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="plan">The table's plan.</param>
    /// <param name="layout">What a block is.</param>
    /// <param name="objective">The network.</param>
    /// <exception cref="ConfigurationException">The row mixes blocks of different tensors.</exception>
    public static RowCoding Of(int row, RowPlan plan, TensorLayout layout, ILayered objective)
    {
        var blocks = plan.Uses[row].SelectMany(u => u.Blocks).Select(b => b.Block).Distinct().ToArray();
        var tensors = objective.Shape.Tensors;
        var held = Enumerable.Range(0, tensors.Length).Where(t => layout.Holds(blocks[0], t)).ToArray();
        foreach (var block in blocks)
        {
            if (!Enumerable.Range(0, tensors.Length).Where(t => layout.Holds(block, t)).SequenceEqual(held))
            {
                throw new ConfigurationException($"row {row} of the code mixes blocks {blocks[0]} and {block}, which hold parts of different tensors; a row mixes blocks of one group");
            }
        }

        ImmutableArray<PartitionUse> uses =
            [.. plan.Uses[row].Select(u => u with { Blocks = [.. u.Blocks.Select(b => b with { Block = layout.Part(b.Block) })] })];
        var parts = new List<RowPart>(held.Length);
        var at = 0;
        foreach (var tensor in held)
        {
            var cut = layout.Cut(blocks[0], tensors[tensor]);
            ImmutableArray<ImmutableArray<CodedProduct>> products =
                objective.IsWeight[tensor] ? [.. uses.Select(u => CodedProduct.Of(u.Blocks, cut.RowParts, cut.ColumnParts))] : [];
            parts.Add(new RowPart(tensor, objective.Shape.Offset(tensor), at, StageOf(tensor, objective), cut, products));
            at += cut.PartLength;
        }

        return new RowCoding(uses, [.. parts.OrderBy(p => p.Stage)]);
    }

    private static int StageOf(int tensor, ILayered objective)
    {
        var stage = 0;
        while (!objective.Stages[stage].Contains(tensor))
        {
            stage++;
        }

        return stage;
    }
}
