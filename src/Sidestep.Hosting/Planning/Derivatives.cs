using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Where a run's gradient is coded: in networks factors of the weight gradients are, for other objectives the finished gradient.</summary>
/// <param name="Code">The code of the run's messages.</param>
/// <param name="Layout">What a block is.</param>
/// <param name="Source">What workers compute.</param>
internal sealed record Derivatives(ICode<float> Code, BlockLayout Layout, IShareSource<float> Source)
{
    private const string Layers = "layers";
    private const string Joint = "joint";

    /// <summary>Chooses by the code's blocks and by what the objective can do.</summary>
    /// <param name="spec">Which messages and which cut.</param>
    /// <param name="code">The code as the catalog made it.</param>
    /// <param name="one">One of the objectives.</param>
    /// <param name="objective">Makes objectives.</param>
    /// <param name="rows">Opens the data.</param>
    /// <param name="batches">Which rows a round takes.</param>
    /// <param name="kernels">Which matrix kernels.</param>
    /// <exception cref="ConfigurationException">Messages or cut do not fit the code or the objective.</exception>
    public static Derivatives Of(
        CodeSpec spec, ICode<float> code, IObjective one, Func<IObjective> objective, Func<IRows> rows, IBatchPlan batches, KernelChoice kernels)
    {
        var blocks = code.Table.Blocks;
        if (blocks == 1)
        {
            RefuseKeys(spec, $"code {spec.Name} sends whole gradients; leave it out, or use a code of blocks, such as {PairLinesCode.Name}");
            return new Derivatives(code, BlockLayout.Whole, new PartitionGradients(objective, rows, batches));
        }

        if (one is not ILayered network)
        {
            if (spec.Messages != Joint)
            {
                RefuseKeys(spec, "the objective has no layers to code inside of; leave it out: the finished gradient is cut into ranges, or use objective perceptron or network");
            }

            return new Derivatives(code, new ContiguousLayout(blocks), new PartitionGradients(objective, rows, batches));
        }

        var (rowParts, columnParts) = Parts(spec.Cut, blocks);
        TensorLayout layout = new PerLayerLayout(rowParts, columnParts);
        if (spec.Messages == Layers)
        {
            var groups = NetworkLayouts.Layers(network, rowParts, columnParts);
            (layout, code) = (groups, LayeredCode.Create(code, groups.Groups.Length, groups.HasRest(network.Shape)));
        }

        return new Derivatives(code, layout, new NetworkDerivatives(() => (ILayered)objective(), layout, rows, batches, kernels));
    }

    private static void RefuseKeys(CodeSpec spec, string why)
    {
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)[("messages", spec.Messages), ("cut", spec.Cut)])
        {
            if (value is not null)
            {
                throw new ConfigurationException($"code.{key} is {value}, but {why}");
            }
        }
    }

    private static (int Rows, int Columns) Parts(string? cut, int blocks)
    {
        if (cut is "columns")
        {
            return (1, blocks);
        }

        if (cut is not "both")
        {
            return (blocks, 1);
        }

        // The two as near to each other as they can be, more rows than columns.
        var columns = (int)Math.Sqrt(blocks);
        while (blocks % columns != 0)
        {
            columns--;
        }

        return columns > 1
            ? (blocks / columns, columns)
            : throw new ConfigurationException(
                $"code.cut is both, but {blocks} blocks are no product of two numbers above 1: nearest are {Composite(blocks, -1)}{Composite(blocks, 1)} blocks, or cut rows");
    }

    private static string Composite(int blocks, int step)
    {
        for (var near = blocks + step; near >= 4; near += step)
        {
            if (Enumerable.Range(2, (int)Math.Sqrt(near) - 1).Any(d => near % d == 0))
            {
                return step < 0 ? $"{near} and " : $"{near}";
            }
        }

        return string.Empty;
    }
}
