using System.Numerics;

namespace Sidestep;

/// <summary>What a coordinate block of the parameter vector is. Tables know block numbers, layouts know lengths.</summary>
/// <remarks>Blocks that are shorter than <see cref="Length"/> are padded with zeros; padding never reaches the vector.</remarks>
public abstract record BlockLayout
{
    /// <summary>Padded length of a block, in elements. All blocks one row mixes have the same.</summary>
    /// <param name="block">The block.</param>
    /// <param name="shape">The model.</param>
    public abstract int Length(int block, ModelShape shape);

    /// <summary>Adds weight × block of the full vector to a block-length destination.</summary>
    /// <param name="block">The block.</param>
    /// <param name="shape">The model.</param>
    /// <param name="vector">The full-length vector.</param>
    /// <param name="weight">The multiplier.</param>
    /// <param name="destination">At least <see cref="Length"/> elements; added to.</param>
    public abstract void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Writes a block into the full vector; padding is dropped.</summary>
    /// <param name="block">The block.</param>
    /// <param name="shape">The model.</param>
    /// <param name="values">The block, padded.</param>
    /// <param name="vector">The full-length vector; only this block's coordinates are written.</param>
    public abstract void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector)
        where T : unmanaged, INumberBase<T>;

    /// <summary>The whole vector as one block, for codes that do not cut coordinates.</summary>
    public static BlockLayout Whole { get; } = new ContiguousLayout(1);
}

/// <summary>Blocks are K equal consecutive ranges; the last one is padded.</summary>
/// <param name="Blocks">Number of blocks (K), at least 1.</param>
public sealed record ContiguousLayout(int Blocks) : BlockLayout
{
    /// <inheritdoc/>
    public override int Length(int block, ModelShape shape) => (shape.Length + Blocks - 1) / Blocks;

    /// <inheritdoc/>
    public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination) =>
        BlockKernels.AddScaled(vector.Slice(Start(block, shape), Count(block, shape)), weight, destination);

    /// <inheritdoc/>
    public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector) =>
        values[..Count(block, shape)].CopyTo(vector[Start(block, shape)..]);

    private int Start(int block, ModelShape shape) => Math.Min(shape.Length, block * Length(block, shape));

    private int Count(int block, ModelShape shape) => Math.Min(Length(block, shape), shape.Length - Start(block, shape));
}
