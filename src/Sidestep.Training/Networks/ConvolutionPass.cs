namespace Sidestep.Training;

/// <summary>Convolution by matrix products over patches; keeps the patches of the samples.</summary>
internal sealed class ConvolutionPass(Patches patches, int channels, IMatrixProduct product) : LayerPass
{
    private float[] _patches = [];
    private float[] _slopes = [];

    private int Weights => channels * patches.Width;

    public override void Forward(in LayerState state)
    {
        var length = patches.Places * patches.Width;
        var rows = patches.IsMap ? default : Scratch.Sized(ref _patches, state.Samples * length);
        for (var i = 0; i < state.Samples && !patches.IsMap; i++)
        {
            patches.Gather(state.Input.Slice(i * patches.MapLength, patches.MapLength), rows.Slice(i * length, length));
        }

        LayerForward.Affine(product, Rows(state), state.Parameters[..Weights], state.Parameters[Weights..], state.Output);
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (inputDelta.IsEmpty)
        {
            return;
        }

        var weight = new MatrixView<float>(state.Parameters, channels, patches.Width);
        if (patches.IsMap)
        {
            product.Multiply(1, new MatrixView<float>(state.Delta, state.Samples * patches.Places, channels), weight, 0, inputDelta);
            return;
        }

        // Sample by sample, so that δ of the patches stays in the caches.
        var slopes = Scratch.Sized(ref _slopes, patches.Places * patches.Width);
        inputDelta.Clear();
        for (var i = 0; i < state.Samples; i++)
        {
            var delta = state.Delta.Slice(i * patches.Places * channels, patches.Places * channels);
            product.Multiply(1, new MatrixView<float>(delta, patches.Places, channels), weight, 0, slopes);
            patches.Scatter(slopes, inputDelta.Slice(i * patches.MapLength, patches.MapLength));
        }
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        if (tensor == 0)
        {
            CodedLayer.WeightGradient(product, state.Delta, channels, Rows(state), sum);
            return;
        }

        ColumnSums.Add(state.Delta, sum);
    }

    public override GradientFactors Factors(int tensor, scoped in LayerState state) => tensor == 0
        ? new GradientFactors { Left = state.Delta, LeftColumns = channels, Right = Rows(state) }
        : base.Factors(tensor, state);

    private LayerInput Rows(scoped in LayerState state) =>
        new(patches.IsMap ? state.Input : _patches, state.Samples * patches.Places, patches.Width);
}
