namespace Sidestep.Coding;

/// <summary>A code decoded by planned weights.</summary>
internal sealed class LinearCode(string name, RowClasses classes, Guarantee guarantee, Patience patience, bool rescale = false, WorkSharing? sharing = null) : ICode<float>
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public CodeTable<float> Table { get; } = classes.Table;

    /// <inheritdoc/>
    public Guarantee Guarantee { get; } = guarantee;

    /// <inheritdoc/>
    public Patience Patience { get; } = patience;

    /// <summary>The table's classes.</summary>
    public RowClasses Classes => classes;

    /// <summary>The code whose rows this one can have computed elsewhere, or null.</summary>
    public LinearCode? Behind { get; init; }

    /// <summary>Whether what arrived is scaled up to all partitions.</summary>
    public bool Rescales => rescale;

    /// <inheritdoc/>
    public IDecoder<float> CreateDecoder(BlockLayout layout, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(shape);
        return new LinearDecoder(classes, layout, shape, rescale, sharing);
    }
}
