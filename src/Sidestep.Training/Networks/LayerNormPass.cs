using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Layer normalization, position by position; keeps the normed values and 1/σ.</summary>
internal sealed class LayerNormPass : LayerPass
{
    private const double Epsilon = 1e-5;

    private readonly int _positions;
    private readonly int _channels;
    private readonly float[] _ones;
    private readonly float[] _row;
    private float[] _normed = [];
    private float[] _scales = [];

    public LayerNormPass(MapShape input)
    {
        (_positions, _channels) = (input.Positions, input.Channels);
        _ones = new float[_channels];
        Array.Fill(_ones, 1f);
        _row = new float[_channels];
    }

    public override void Forward(in LayerState state)
    {
        var gain = state.Parameters[.._channels];
        var offset = state.Parameters[_channels..];
        var rows = state.Samples * _positions;
        var normed = Scratch.Sized(ref _normed, rows * _channels);
        var scales = Scratch.Sized(ref _scales, rows);
        for (var i = 0; i < rows; i++)
        {
            var row = state.Input.Slice(i * _channels, _channels);
            var x = normed.Slice(i * _channels, _channels);
            TensorPrimitives.Subtract(row, (float)(Dot.Product(row, _ones) / _channels), x);
            scales[i] = (float)(1 / Math.Sqrt((Norms.SquaredL2(x) / _channels) + Epsilon));
            TensorPrimitives.Multiply(x, scales[i], x);
            TensorPrimitives.MultiplyAdd(x, gain, offset, state.Output.Slice(i * _channels, _channels));
        }
    }

    /// <summary>With s = gain ⊙ δ: (s − mean(s) − x̂·mean(s ⊙ x̂))/σ.</summary>
    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (inputDelta.IsEmpty)
        {
            return;
        }

        var gain = state.Parameters[.._channels];
        for (var i = 0; i < state.Samples * _positions; i++)
        {
            var delta = state.Delta.Slice(i * _channels, _channels);
            var x = _normed.AsSpan(i * _channels, _channels);
            var target = inputDelta.Slice(i * _channels, _channels);
            TensorPrimitives.Multiply(delta, gain, _row);
            var mean = (float)(Dot.Product(_row, _ones) / _channels);
            var along = (float)(Dot.Product(_row, x) / _channels);
            TensorPrimitives.Subtract(_row, mean, target);
            Axpy.Add(-along, x, target);
            TensorPrimitives.Multiply(target, _scales[i], target);
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
