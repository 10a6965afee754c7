namespace Sidestep.Training;

/// <summary>GELU; keeps the tanh of each value for the backward pass.</summary>
internal sealed class GeluPass : LayerPass
{
    private float[] _tanh = [];

    public override void Forward(in LayerState state)
    {
        var tanh = Scratch.Sized(ref _tanh, state.Input.Length);
        GeluKernels.Inner(state.Input, tanh);
        ElementaryFunctions.Tanh(tanh, tanh);
        GeluKernels.Outer(state.Input, tanh, state.Output);
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (!inputDelta.IsEmpty)
        {
            GeluKernels.Chain(state.Input, _tanh, state.Delta, inputDelta);
        }
    }
}
