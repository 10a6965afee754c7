using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>A layer of a network, for people.</summary>
/// <param name="Position">From 0; its tensors are named by it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Output">What it gives: height × width × channels.</param>
/// <param name="Parameters">Number of its parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds of its matrix products in a forward pass of one sample.</param>
public sealed record LayerRow(int Position, string Kind, string Output, int Parameters, long MultiplyAdds);

/// <summary>What a network is made of, and what it costs.</summary>
/// <param name="Input">What a sample is: height × width × channels.</param>
/// <param name="Layers">The layers.</param>
/// <param name="MultiplyAdds">Multiply-adds of all matrix products in a forward pass of one sample.</param>
/// <param name="GradientMultiplyAdds">Multiply-adds of forward and backward pass of one sample.</param>
/// <param name="Samples">Samples of a round.</param>
public sealed record NetworkTable(string Input, IReadOnlyList<LayerRow> Layers, long MultiplyAdds, long GradientMultiplyAdds, int Samples)
{
    /// <summary>Multiply-adds of a round, each sample once; what a code computes more than once costs so many times more.</summary>
    public long RoundMultiplyAdds => GradientMultiplyAdds * Samples;

    /// <summary>The table of an objective; null if it is no network.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="samples">Samples of a round.</param>
    internal static NetworkTable? Of(IObjective objective, int samples) => objective is Network network
        ? new NetworkTable(
            network.Input.ToString(),
            [.. network.Layers.Select((l, i) => new LayerRow(i, l.Layer.Kind, l.Output.ToString(), l.Parameters, l.Products))],
            network.Products,
            network.GradientProducts,
            samples)
        : null;
}
