using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>output = input + table for every sample; δ goes back as it is.</summary>
internal sealed class PositionsPass : LayerPass
{
    public override void Forward(in LayerState state)
    {
        var table = state.Parameters;
        for (var sample = 0; sample < state.Samples; sample++)
        {
            var at = sample * table.Length;
            TensorPrimitives.Add(state.Input.Slice(at, table.Length), table, state.Output.Slice(at, table.Length));
        }
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (!inputDelta.IsEmpty)
        {
            state.Delta.CopyTo(inputDelta);
        }
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tensor, 0);
        CodedLayer.BiasGradient(state.Delta, state.Samples, sum);
    }
}
