namespace Sidestep.Training;

/// <summary>Layer normalization, position by position; keeps the normed values and 1/σ.</summary>
internal sealed class LayerNormPass : LayerPass
{
    private readonly int _positions;
    private readonly int _channels;
    private float[] _normed = [];
    private float[] _scales = [];

    public LayerNormPass(MapShape input) => (_positions, _channels) = (input.Positions, input.Channels);

    public override void Forward(in LayerState state)
    {
        var gain = state.Parameters[.._channels];
        var offset = state.Parameters[_channels..];
        var rows = state.Samples * _positions;
        var normed = Scratch.Sized(ref _normed, rows * _channels);
        var scales = Scratch.Sized(ref _scales, rows);
        for (var i = 0; i < rows; i++)
        {
            var row = i * _channels;
            scales[i] = NormKernels.Forward(
                state.Input.Slice(row, _channels), gain, offset, normed.Slice(row, _channels), state.Output.Slice(row, _channels));
        }
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (inputDelta.IsEmpty)
        {
            return;
        }

        var gain = state.Parameters[.._channels];
        for (var i = 0; i < state.Samples * _positions; i++)
        {
            var row = i * _channels;
            NormKernels.Backward(
                state.Delta.Slice(row, _channels), gain, _normed.AsSpan(row, _channels), _scales[i], inputDelta.Slice(row, _channels));
        }
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        if (tensor == 0)
        {
            ColumnSums.AddProducts(state.Delta, _normed.AsSpan(0, state.Delta.Length), sum);
            return;
        }

        ColumnSums.Add(state.Delta, sum);
    }
}
