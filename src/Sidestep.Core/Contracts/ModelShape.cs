using System.Collections.Immutable;

namespace Sidestep;

/// <summary>One named tensor of a model, row-major.</summary>
/// <param name="Name">Its name in exports and reports, such as <c>layer0.weight</c>.</param>
/// <param name="Dimensions">Its sizes, outermost first; all positive.</param>
public sealed record TensorShape(string Name, ImmutableArray<int> Dimensions)
{
    /// <summary>Number of elements.</summary>
    public int Length
    {
        get
        {
            var product = 1;
            foreach (var size in Dimensions)
            {
                product = checked(product * size);
            }

            return product;
        }
    }

    /// <summary>Elements of one slice along the first axis.</summary>
    public int Stride => Length / Dimensions[0];
}

/// <summary>The named tensors of a model, in the order in which they lie in the parameter vector.</summary>
/// <param name="Tensors">The tensors; their lengths add up to <see cref="Length"/>.</param>
public sealed record ModelShape(ImmutableArray<TensorShape> Tensors)
{
    /// <summary>Length of the parameter vector (p), in elements.</summary>
    public int Length { get; } = Tensors.Sum(t => t.Length);

    /// <summary>A model that is one flat vector.</summary>
    /// <param name="length">Number of parameters.</param>
    /// <param name="name">Name of the only tensor.</param>
    public static ModelShape Flat(int length, string name = "weight") => new([new TensorShape(name, [length])]);

    /// <summary>Offset of a tensor in the parameter vector, in elements.</summary>
    /// <param name="tensor">Index into <see cref="Tensors"/>.</param>
    public int Offset(int tensor)
    {
        var offset = 0;
        for (var t = 0; t < tensor; t++)
        {
            offset += Tensors[t].Length;
        }

        return offset;
    }
}
