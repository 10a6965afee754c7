namespace Sidestep.Training;

/// <summary>One matrix product over samples·positions rows for each of forward pass, δ and gradient.</summary>
internal sealed class DensePass(MapShape input, int outputs, IMatrixProduct product) : LayerPass
{
    private int Weights => outputs * input.Channels;

    public override void Forward(in LayerState state) =>
        LayerForward.Affine(product, Rows(state), state.Parameters[..Weights], state.Parameters[Weights..], state.Output);

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (inputDelta.IsEmpty)
        {
            return;
        }

        var delta = new MatrixView<float>(state.Delta, state.Samples * input.Positions, outputs);
        product.Multiply(1, delta, new MatrixView<float>(state.Parameters, outputs, input.Channels), 0, inputDelta);
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        if (tensor == 0)
        {
            CodedLayer.WeightGradient(product, state.Delta, outputs, Rows(state), sum);
            return;
        }

        ColumnSums.Add(state.Delta, sum);
    }

    public override GradientFactors Factors(int tensor, scoped in LayerState state) => tensor == 0
        ? new GradientFactors { Left = state.Delta, LeftColumns = outputs, Right = Rows(state) }
        : base.Factors(tensor, state);

    private LayerInput Rows(scoped in LayerState state) => new(state.Input, state.Samples * input.Positions, input.Channels);
}
