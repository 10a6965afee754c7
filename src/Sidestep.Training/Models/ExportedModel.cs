using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A model as it lies in a safetensors file.</summary>
/// <param name="Shape">Its tensors, in the order in which they lie in <paramref name="Parameters"/>.</param>
/// <param name="Parameters">All parameters.</param>
/// <param name="Metadata">Texts that came with it, such as <c>round</c>.</param>
public sealed record ExportedModel(
    ModelShape Shape, ReadOnlyMemory<float> Parameters, ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>The parameters in the order of another shape.</summary>
    /// <param name="shape">What is wanted: the same tensors, by name and dimensions, in any order.</param>
    /// <param name="source">Where the model came from, for messages.</param>
    /// <exception cref="ConfigurationException">A tensor is missing, has other dimensions, or is not wanted; names the first of them, what is expected and what was found.</exception>
    public float[] Arranged(ModelShape shape, string source)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var t = 0; t < Shape.Tensors.Length; t++)
        {
            found.Add(Shape.Tensors[t].Name, t);
        }

        var arranged = new float[shape.Length];
        var at = 0;
        foreach (var tensor in shape.Tensors)
        {
            if (!found.Remove(tensor.Name, out var t))
            {
                throw new ConfigurationException(
                    $"{source}: tensor {tensor.Name} is missing; expected {Sizes(tensor)}, found {string.Join(", ", Shape.Tensors.Select(s => s.Name))}");
            }

            if (!tensor.Dimensions.SequenceEqual(Shape.Tensors[t].Dimensions))
            {
                throw new ConfigurationException($"{source}: tensor {tensor.Name} has another shape: expected {Sizes(tensor)}, found {Sizes(Shape.Tensors[t])}");
            }

            Parameters.Span.Slice(Shape.Offset(t), tensor.Length).CopyTo(arranged.AsSpan(at));
            at += tensor.Length;
        }

        return found.Count == 0
            ? arranged
            : throw new ConfigurationException(
                $"{source}: tensor {found.Keys.First()} is not part of this model, whose tensors are {string.Join(", ", shape.Tensors.Select(s => s.Name))}");
    }

    private static string Sizes(TensorShape tensor) => string.Join('×', tensor.Dimensions);
}
