namespace Sidestep.Training;

/// <summary>Forward and backward pass of causal self-attention.</summary>
/// <remarks>Keeps per sample 7·T·C floats (queries, keys, values and their δ, the heads' results) and h·T² attention weights.
/// Within a head all products are over T × d pieces that lie together, so that they stay in the first-level cache.</remarks>
internal sealed class AttentionPass(MapShape input, int heads, IMatrixProduct product) : LayerPass
{
    private readonly int _channels = input.Channels;
    private readonly int _length = input.Positions;
    private readonly AttentionHead _head = new(input.Positions, input.Channels / heads, SmallProduct.Or(product, (long)input.Positions * input.Positions * (input.Channels / heads)));
    private float[] _projected = [];
    private float[] _projectedDelta = [];
    private float[] _joined = [];
    private float[] _joinedDelta = [];
    private float[] _weights = [];

    private int Squared => _channels * _channels;

    public override void Forward(in LayerState state)
    {
        var rows = state.Samples * _length;
        var projected = Scratch.Sized(ref _projected, rows * 3 * _channels);
        var joined = Scratch.Sized(ref _joined, rows * _channels);
        var weights = Scratch.Sized(ref _weights, state.Samples * heads * _length * _length);
        LayerForward.Affine(
            product, Rows(state), state.Parameters[..(3 * Squared)], state.Parameters.Slice(3 * Squared, 3 * _channels), projected);
        for (var sample = 0; sample < state.Samples; sample++)
        {
            for (var head = 0; head < heads; head++)
            {
                _head.Forward(Whole(projected, sample, 3), Whole(joined, sample, 1), head, Weights(weights, sample, head));
            }
        }

        var output = state.Parameters[((3 * Squared) + (3 * _channels))..];
        LayerForward.Affine(product, new LayerInput(joined, rows, _channels), output[..Squared], output[Squared..], state.Output);
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
    {
        var rows = state.Samples * _length;
        var joinedDelta = Scratch.Sized(ref _joinedDelta, rows * _channels);
        var projectedDelta = Scratch.Sized(ref _projectedDelta, rows * 3 * _channels);
        var output = state.Parameters.Slice((3 * Squared) + (3 * _channels), Squared);
        var delta = new MatrixView<float>(state.Delta, rows, _channels);
        product.Multiply(1, delta, new MatrixView<float>(output, _channels, _channels), 0, joinedDelta);
        for (var sample = 0; sample < state.Samples; sample++)
        {
            for (var head = 0; head < heads; head++)
            {
                _head.Backward(
                    Whole(_projected, sample, 3),
                    Whole(joinedDelta, sample, 1),
                    head,
                    Weights(_weights, sample, head),
                    Whole(projectedDelta, sample, 3));
            }
        }

        if (!inputDelta.IsEmpty)
        {
            var weight = new MatrixView<float>(state.Parameters, 3 * _channels, _channels);
            product.Multiply(1, new MatrixView<float>(projectedDelta, rows, 3 * _channels), weight, 0, inputDelta);
        }
    }

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        var rows = state.Samples * _length;
        switch (tensor)
        {
            case 0:
                CodedLayer.WeightGradient(product, ProjectedDelta(rows), 3 * _channels, Rows(state), sum);
                break;
            case 1:
                ColumnSums.Add(ProjectedDelta(rows), sum);
                break;
            case 2:
                CodedLayer.WeightGradient(product, state.Delta, _channels, new LayerInput(_joined, rows, _channels), sum);
                break;
            case 3:
                ColumnSums.Add(state.Delta, sum);
                break;
            default:
                base.AddGradient(tensor, state, sum);
                break;
        }
    }

    public override GradientFactors Factors(int tensor, scoped in LayerState state)
    {
        var rows = state.Samples * _length;
        return tensor switch
        {
            0 => new GradientFactors { Left = ProjectedDelta(rows), LeftColumns = 3 * _channels, Right = Rows(state) },
            2 => new GradientFactors { Left = state.Delta, LeftColumns = _channels, Right = new LayerInput(_joined, rows, _channels) },
            _ => base.Factors(tensor, state),
        };
    }

    private ReadOnlySpan<float> ProjectedDelta(int rows) => _projectedDelta.AsSpan(0, rows * 3 * _channels);

    private LayerInput Rows(scoped in LayerState state) => new(state.Input, state.Samples * _length, _channels);

    private Span<float> Whole(Span<float> values, int sample, int parts)
    {
        var size = _length * parts * _channels;
        return values.Slice(sample * size, size);
    }

    private Span<float> Weights(Span<float> values, int sample, int head)
    {
        var size = _length * _length;
        return values.Slice(((sample * heads) + head) * size, size);
    }
}
