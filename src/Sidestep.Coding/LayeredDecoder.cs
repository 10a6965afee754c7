namespace Sidestep.Coding;

/// <summary>The decoder of <see cref="LayeredCode"/>: one decoder per layer group over its own blocks.</summary>
/// <remarks>The residual is the root of the groups' squared residuals; blocks come out as soon as their own group knows them. Cost: that of the groups' decoders.</remarks>
internal sealed class LayeredDecoder : IDecoder<float>
{
    private readonly IDecoder<float>[] _layers;
    private readonly int[] _firstRow;
    private readonly int _blocks;
    private readonly bool _rest;
    private readonly VerdictBuffer _verdict;

    /// <summary>Opens it.</summary>
    /// <param name="code">The code.</param>
    /// <param name="rest">The classes of the rows of uncoded tensors; null: there are none.</param>
    /// <param name="layout">What a block of the whole is.</param>
    /// <param name="shape">The model.</param>
    public LayeredDecoder(LayeredCode code, RowClasses? rest, BlockLayout layout, ModelShape shape)
    {
        (_blocks, _rest) = (code.Lines.Table.Blocks, rest is not null);
        var layers = code.Coded + (_rest ? 1 : 0);
        _layers = new IDecoder<float>[layers];
        _firstRow = new int[layers + 1];
        for (var layer = 0; layer < code.Coded; layer++)
        {
            _layers[layer] = code.Lines.CreateDecoder(new SubLayout(layout, layer * _blocks), shape);
            _firstRow[layer + 1] = _firstRow[layer] + code.Lines.Table.Rows.Length;
        }

        if (rest is not null)
        {
            _layers[^1] = new LinearDecoder(rest, new SubLayout(layout, code.Coded * _blocks), shape);
            _firstRow[^1] = _firstRow[^2] + rest.Table.Rows.Length;
        }

        _verdict = new VerdictBuffer(layers, code.Table);
    }

    /// <inheritdoc/>
    public Verdict Begin(long round, ReadOnlySpan<float> prior)
    {
        _verdict.Clear();
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Take(layer, _layers[layer].Begin(round, prior));
        }

        return _verdict.Answer();
    }

    /// <inheritdoc/>
    public Verdict Offer(int row, ShareLease<float> share)
    {
        var layer = LayerOf(row);
        _verdict.Clear();
        Take(layer, _layers[layer].Offer(row - _firstRow[layer], share));
        return _verdict.Answer();
    }

    /// <inheritdoc/>
    public Verdict Lost(int slot)
    {
        _verdict.Clear();
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Take(layer, _layers[layer].Lost(slot));
        }

        return _verdict.Answer();
    }

    /// <inheritdoc/>
    public Verdict Returned(int slot)
    {
        _verdict.Clear();
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Take(layer, _layers[layer].Returned(slot));
        }

        return _verdict.Answer();
    }

    /// <inheritdoc/>
    public void Emit(int block, Span<float> target) => _layers[block / _blocks].Emit(block % _blocks, target);

    /// <inheritdoc/>
    public void Decode(Span<float> estimate)
    {
        foreach (var layer in _layers)
        {
            layer.Decode(estimate);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The uncoded tensors carry the scalar itself; while they have not come, it is estimated like block 0 of the first group.</remarks>
    public double Estimate(ReadOnlySpan<double> valueOfRow)
    {
        var layer = _rest && _verdict.Squared(_layers.Length - 1) == 0 ? _layers.Length - 1 : 0;
        return _layers[layer].Estimate(valueOfRow[_firstRow[layer].._firstRow[layer + 1]]);
    }

    /// <inheritdoc/>
    public bool Used(int row)
    {
        var layer = LayerOf(row);
        return _layers[layer].Used(row - _firstRow[layer]);
    }

    /// <inheritdoc/>
    public void Save(IStateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer].Save(writer.Within($"layer{layer}"));
        }
    }

    /// <inheritdoc/>
    public void Load(IStateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer].Load(reader.Within($"layer{layer}"));
        }
    }

    // All coded groups have equally many rows.
    private int LayerOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, _firstRow[^1]);
        return Math.Min(_layers.Length - 1, row / _firstRow[1]);
    }

    private void Take(int layer, in Verdict verdict)
    {
        _verdict.Add(layer, verdict, _firstRow[layer], firstSlot: 0);
        foreach (var block in verdict.Ready.Span)
        {
            _verdict.Ready((layer * _blocks) + block);
        }
    }
}
