using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Layouts of a network's derivatives.</summary>
public static class NetworkLayouts
{
    /// <summary>One group for the weight tensors of each stage, in the order of the backward pass; all other tensors are the rest.</summary>
    /// <param name="objective">The network.</param>
    /// <param name="rowParts">Parts of the rows of weight tensors (output neurons).</param>
    /// <param name="columnParts">Parts of their columns (inputs).</param>
    /// <exception cref="ConfigurationException">No tensor is a weight, or a number of parts is below 1.</exception>
    public static LayerGroupsLayout Layers(ILayered objective, int rowParts, int columnParts)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ImmutableArray<ImmutableArray<int>> groups =
            [.. objective.Stages.Select(s => s.Where(t => objective.IsWeight[t]).ToImmutableArray()).Where(g => g.Length > 0)];
        return groups.IsEmpty
            ? throw new ConfigurationException("the network has no weights that a derivative code could cut; use messages joint")
            : new LayerGroupsLayout(groups, rowParts, columnParts);
    }
}
