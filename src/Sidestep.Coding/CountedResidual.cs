namespace Sidestep.Coding;

/// <summary>Residual of tables that are only added: it suffices to count cells.</summary>
internal sealed class CountedResidual(RowClasses classes, bool rescale) : IResidual
{
    private readonly int[] _covered = new int[classes.Table.Blocks];

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public void Clear() => Array.Clear(_covered);

    /// <inheritdoc/>
    public void Add(int number) => _covered[classes.BlockOf[number]] += classes.Sizes[number];

    /// <inheritdoc/>
    public double Squared(int block)
    {
        double all = classes.Table.Partitions, covered = _covered[block];
        if (!rescale || covered == 0)
        {
            return all - covered;
        }

        // Coverage is all/covered where something arrived and 0 elsewhere.
        return all * (all - covered) / covered;
    }
}
