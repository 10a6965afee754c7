namespace Sidestep;

/// <summary>Blocks that are made of parts of tensors, so that a worker can code a layer's gradient before it is computed.</summary>
public abstract record TensorLayout : BlockLayout
{
    /// <summary>Whether a block has a part of a tensor. A block's parts lie in the order of the tensors.</summary>
    /// <param name="block">The block.</param>
    /// <param name="tensor">Index into the shape's tensors.</param>
    public abstract bool Holds(int block, int tensor);

    /// <summary>How a tensor is cut for a block.</summary>
    /// <param name="block">A block that has a part of it.</param>
    /// <param name="tensor">The tensor.</param>
    public abstract TensorCut Cut(int block, TensorShape tensor);

    /// <summary>Which part of its tensors a block has.</summary>
    /// <param name="block">The block.</param>
    public abstract int Part(int block);

    /// <summary>Number of blocks.</summary>
    /// <param name="shape">The model.</param>
    public abstract int Count(ModelShape shape);

    /// <inheritdoc/>
    public override int Length(int block, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var length = 0;
        for (var t = 0; t < shape.Tensors.Length; t++)
        {
            length += Holds(block, t) ? Cut(block, shape.Tensors[t]).PartLength : 0;
        }

        return length;
    }

    /// <inheritdoc/>
    public override void Gather<T>(int block, ModelShape shape, ReadOnlySpan<T> vector, T weight, Span<T> destination)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int at = 0, offset = 0;
        for (var t = 0; t < shape.Tensors.Length; t++)
        {
            var tensor = shape.Tensors[t];
            if (Holds(block, t))
            {
                var cut = Cut(block, tensor);
                cut.Gather(Part(block), vector.Slice(offset, tensor.Length), weight, destination[at..]);
                at += cut.PartLength;
            }

            offset += tensor.Length;
        }
    }

    /// <inheritdoc/>
    public override void Scatter<T>(int block, ModelShape shape, ReadOnlySpan<T> values, Span<T> vector)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int at = 0, offset = 0;
        for (var t = 0; t < shape.Tensors.Length; t++)
        {
            var tensor = shape.Tensors[t];
            if (Holds(block, t))
            {
                var cut = Cut(block, tensor);
                cut.Scatter(Part(block), values.Slice(at, cut.PartLength), vector.Slice(offset, tensor.Length));
                at += cut.PartLength;
            }

            offset += tensor.Length;
        }
    }
}
