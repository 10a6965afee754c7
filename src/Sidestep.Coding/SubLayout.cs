namespace Sidestep.Coding;

/// <summary>Some consecutive blocks of another layout, counted from 0.</summary>
/// <param name="Outer">The whole.</param>
/// <param name="First">Its block that is block 0 here.</param>
internal sealed record SubLayout(BlockLayout Outer, int First) : BlockLayout
{
    /// <inheritdoc/>
    public override int Length(int block, ModelShape shape) => Outer.Length(First + block, shape);

    /// <inheritdoc/>
    public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination) =>
        Outer.Gather(First + block, shape, vector, weight, destination);

    /// <inheritdoc/>
    public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector) =>
        Outer.Scatter(First + block, shape, values, vector);
}
