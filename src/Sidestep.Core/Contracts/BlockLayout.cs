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

/// <summary>Every tensor is cut along its first axis (output neurons) into K parts; block b holds part b of every tensor, in tensor order.</summary>
/// <remarks>Row partition of the back-propagated gradient: a worker can code δ before the outer product. A tensor of R rows is padded to K·⌈R/K⌉ rows.</remarks>
/// <param name="Blocks">Number of blocks (K), at least 1.</param>
public sealed record PerLayerLayout(int Blocks) : BlockLayout
{
    /// <summary>Rows of one part of a tensor, padded.</summary>
    /// <param name="tensor">The tensor.</param>
    public int PartRows(TensorShape tensor) => (tensor.Dimensions[0] + Blocks - 1) / Blocks;

    /// <inheritdoc/>
    public override int Length(int block, ModelShape shape)
    {
        var length = 0;
        foreach (var tensor in shape.Tensors)
        {
            length += PartRows(tensor) * tensor.Stride;
        }

        return length;
    }

    /// <inheritdoc/>
    public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination)
    {
        int at = 0, offset = 0;
        foreach (var tensor in shape.Tensors)
        {
            var (start, count) = Part(block, tensor);
            BlockKernels.AddScaled(vector.Slice(offset + start, count), weight, destination[at..]);
            at += PartRows(tensor) * tensor.Stride;
            offset += tensor.Length;
        }
    }

    /// <inheritdoc/>
    public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector)
    {
        int at = 0, offset = 0;
        foreach (var tensor in shape.Tensors)
        {
            var (start, count) = Part(block, tensor);
            values.Slice(at, count).CopyTo(vector[(offset + start)..]);
            at += PartRows(tensor) * tensor.Stride;
            offset += tensor.Length;
        }
    }

    private (int Start, int Count) Part(int block, TensorShape tensor)
    {
        var rows = tensor.Dimensions[0];
        var first = Math.Min(rows, block * PartRows(tensor));
        var last = Math.Min(rows, first + PartRows(tensor));
        return (first * tensor.Stride, (last - first) * tensor.Stride);
    }
}
