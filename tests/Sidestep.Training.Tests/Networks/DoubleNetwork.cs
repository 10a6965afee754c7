using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

/// <summary>The loss of a network in double, layer by layer from their definitions.</summary>
internal static class DoubleNetwork
{
    public static double Loss(Network network, in Batch batch, double[] model)
    {
        double loss = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var z = Samples.Wide(batch.Values.Span.Slice(i * batch.Features, batch.Features));
            foreach (var placed in network.Layers)
            {
                z = DoubleLayers.Forward(placed.Layer, placed.Input, model[placed.Offset..(placed.Offset + placed.Parameters)], z);
            }

            loss += Math.Log(z.Sum(Math.Exp)) - z[(int)batch.Labels.Span[i]];
        }

        double squares = 0;
        for (int tensor = 0, at = 0; tensor < network.Shape.Tensors.Length; at += network.Shape.Tensors[tensor++].Length)
        {
            squares += network.IsWeight[tensor] ? model[at..(at + network.Shape.Tensors[tensor].Length)].Sum(w => w * w) : 0;
        }

        return loss + (batch.Count * network.Penalty / 2 * squares);
    }
}
