namespace Sidestep.Training;

/// <summary>An element-wise nonlinearity whose slope is a function of its value.</summary>
internal sealed class ActivationPass(Activation activation) : LayerPass
{
    public override void Forward(in LayerState state) => ActivationKernels.Apply(activation, state.Output);

    public override void Backward(in LayerState state, Span<float> inputDelta) => ActivationKernels.Chain(activation, state.Output, state.Delta);
}
