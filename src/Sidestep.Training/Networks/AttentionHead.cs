namespace Sidestep.Training;

/// <summary>One head of one sample: products of small matrices that are gathered from, and scattered to, rows of all heads.</summary>
/// <param name="length">Positions T.</param>
/// <param name="width">Channels of a head, d.</param>
/// <param name="product">The matrix kernels.</param>
internal sealed class AttentionHead(int length, int width, IMatrixProduct product)
{
    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;

    private readonly float _scale = (float)(1 / Math.Sqrt(width));
    private readonly float[] _query = new float[length * width];
    private readonly float[] _key = new float[length * width];
    private readonly float[] _value = new float[length * width];
    private readonly float[] _joined = new float[length * width];
    private readonly float[] _part = new float[length * width];
    private readonly float[] _slopes = new float[length * length];

    /// <summary>joined = softmax(QKᵀ/√d, causal)·V.</summary>
    /// <param name="projected">T × 3C: queries, keys, values, each head by head.</param>
    /// <param name="joined">T × C; the head's channels are written.</param>
    /// <param name="head">Which head.</param>
    /// <param name="weights">T × T; receives the attention weights.</param>
    public void Forward(ReadOnlySpan<float> projected, Span<float> joined, int head, Span<float> weights)
    {
        var channels = joined.Length / length;
        Gather(projected, 3 * channels, (Query * channels) + (head * width), _query);
        Gather(projected, 3 * channels, (Key * channels) + (head * width), _key);
        Gather(projected, 3 * channels, (Value * channels) + (head * width), _value);
        product.Multiply(_scale, Tall(_query), Tall(_key).Transposed, 0, weights);
        CausalSoftmax.Forward(weights, length);
        product.Multiply(1, Square(weights), Tall(_value), 0, _joined);
        Scatter(_joined, joined, channels, head * width);
    }

    /// <summary>δ of queries, keys and values from δ of the result. With A the weights and D = δ of the result: δV = AᵀD, δA = DVᵀ, then back through the softmax.</summary>
    /// <param name="projected">As in the forward pass.</param>
    /// <param name="joinedDelta">T × C.</param>
    /// <param name="head">Which head.</param>
    /// <param name="weights">As the forward pass left them.</param>
    /// <param name="projectedDelta">T × 3C; the head's channels are written.</param>
    public void Backward(
        ReadOnlySpan<float> projected, ReadOnlySpan<float> joinedDelta, int head, ReadOnlySpan<float> weights, Span<float> projectedDelta)
    {
        var channels = joinedDelta.Length / length;
        Gather(projected, 3 * channels, (Query * channels) + (head * width), _query);
        Gather(projected, 3 * channels, (Key * channels) + (head * width), _key);
        Gather(projected, 3 * channels, (Value * channels) + (head * width), _value);
        Gather(joinedDelta, channels, head * width, _joined);

        product.Multiply(1, Square(weights).Transposed, Tall(_joined), 0, _part);
        Scatter(_part, projectedDelta, 3 * channels, (Value * channels) + (head * width));

        product.Multiply(1, Tall(_joined), Tall(_value).Transposed, 0, _slopes);
        CausalSoftmax.Backward(weights, _slopes, length);
        product.Multiply(_scale, Square(_slopes), Tall(_key), 0, _part);
        Scatter(_part, projectedDelta, 3 * channels, (Query * channels) + (head * width));

        product.Multiply(_scale, Square(_slopes).Transposed, Tall(_query), 0, _part);
        Scatter(_part, projectedDelta, 3 * channels, (Key * channels) + (head * width));
    }

    private MatrixView<float> Tall(ReadOnlySpan<float> values) => new(values, length, width);

    private MatrixView<float> Square(ReadOnlySpan<float> values) => new(values, length, length);

    private void Gather(ReadOnlySpan<float> rows, int stride, int first, Span<float> target)
    {
        for (var t = 0; t < length; t++)
        {
            rows.Slice((t * stride) + first, width).CopyTo(target[(t * width)..]);
        }
    }

    private void Scatter(ReadOnlySpan<float> source, Span<float> rows, int stride, int first)
    {
        for (var t = 0; t < length; t++)
        {
            source.Slice(t * width, width).CopyTo(rows[((t * stride) + first)..]);
        }
    }
}
