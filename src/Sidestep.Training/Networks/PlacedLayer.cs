using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A layer in its place in a network.</summary>
public sealed record PlacedLayer
{
    /// <summary>The layer, with its start settled.</summary>
    public required Layer Layer { get; init; }

    /// <summary>What it takes in.</summary>
    public required MapShape Input { get; init; }

    /// <summary>What it gives.</summary>
    public required MapShape Output { get; init; }

    /// <summary>Its tensors.</summary>
    public required ImmutableArray<LayerTensor> Tensors { get; init; }

    /// <summary>Index of its first tensor in the network's shape.</summary>
    public required int FirstTensor { get; init; }

    /// <summary>Where its parameters begin in the parameter vector.</summary>
    public required int Offset { get; init; }

    /// <summary>Number of its parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary>Multiply-adds of its matrix products in a forward pass of one sample.</summary>
    public required long Products { get; init; }

    /// <summary>Puts layers one behind the other.</summary>
    /// <param name="input">What the first takes in.</param>
    /// <param name="layers">The layers.</param>
    /// <exception cref="ConfigurationException">A layer cannot take what comes before it; says which layer and which shapes.</exception>
    public static ImmutableArray<PlacedLayer> Place(MapShape input, ImmutableArray<Layer> layers)
    {
        var placed = ImmutableArray.CreateBuilder<PlacedLayer>(layers.Length);
        int tensor = 0, offset = 0;
        for (var i = 0; i < layers.Length; i++)
        {
            try
            {
                var next = One(layers[i].Before(layers.AsSpan()[(i + 1)..]), input, tensor, offset);
                placed.Add(next);
                (input, tensor, offset) = (next.Output, tensor + next.Tensors.Length, checked(offset + next.Parameters));
            }
            catch (ConfigurationException error)
            {
                throw new ConfigurationException($"layer {i} ({layers[i].Kind}): {error.Message}");
            }
            catch (OverflowException)
            {
                throw new ConfigurationException($"layer {i} ({layers[i].Kind}): on {input} it makes the model larger than 2^31 values; choose smaller sizes");
            }
        }

        return placed.MoveToImmutable();
    }

    private static PlacedLayer One(Layer layer, MapShape input, int tensor, int offset)
    {
        var output = layer.Output(input);
        _ = checked(output.Height * output.Width * output.Channels);
        var tensors = layer.Tensors(input);
        return new PlacedLayer
        {
            Layer = layer,
            Input = input,
            Output = output,
            Tensors = tensors,
            FirstTensor = tensor,
            Offset = offset,
            Parameters = tensors.Aggregate(0, (sum, t) => checked(sum + new TensorShape(t.Name, t.Dimensions).Length)),
            Products = layer.Products(input),
        };
    }
}
