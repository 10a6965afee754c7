namespace Sidestep.Coding;

/// <summary>Sharded data × a derivative code: one decoder per data group, whose blocks are added.</summary>
/// <remarks>
/// Groups are of equal tables: rows, slots and partitions of a group follow those of the group before. A block is ready when it is in every group. The prior counts as an even part in
/// each group. Groups are added in their order, so a decode is a function of the arrivals alone. Groups decode into vectors of K blocks only, not of the whole model.
/// Cost: that of the groups, and D · p additions. Nothing is allocated per round that the groups' decoders do not allocate.
/// </remarks>
internal sealed class GroupedDecoder : IDecoder<float>
{
    private readonly IDecoder<float>[] _groups;
    private readonly int _rows;
    private readonly int _slots;
    private readonly int _blocks;
    private readonly int _length;
    private readonly BlockLayout _layout;
    private readonly ModelShape _shape;
    private readonly VerdictBuffer _verdict;
    private readonly int[] _missing;
    private readonly float[] _one;
    private readonly float[] _sum;
    private float[] _prior = [];

    /// <summary>Opens it.</summary>
    /// <param name="groups">D.</param>
    /// <param name="table">The table of one group.</param>
    /// <param name="layout">What a block is; all have the same length.</param>
    /// <param name="shape">The model.</param>
    /// <param name="open">Opens the decoder of a group.</param>
    public GroupedDecoder(int groups, CodeTable<float> table, BlockLayout layout, ModelShape shape, Func<BlockLayout, ModelShape, IDecoder<float>> open)
    {
        (_rows, _slots, _blocks, _layout, _shape) = (table.Rows.Length, table.Workers, table.Blocks, layout, shape);
        _length = layout.Length(0, shape);
        for (var block = 1; block < _blocks; block++)
        {
            if (layout.Length(block, shape) is var length && length != _length)
            {
                throw new ConfigurationException(
                    $"data groups need blocks of one length, but block {block} has {length} elements and block 0 {_length} under {layout}");
            }
        }

        var compact = ModelShape.Flat(_blocks * _length);
        _groups = [.. Enumerable.Range(0, groups).Select(_ => open(new ContiguousLayout(_blocks), compact))];
        _verdict = new VerdictBuffer(groups, table with { Rows = [.. Enumerable.Repeat(table.Rows, groups).SelectMany(r => r)], Workers = groups * _slots });
        _missing = new int[_blocks];
        (_one, _sum) = (new float[compact.Length], new float[compact.Length]);
    }

    /// <inheritdoc/>
    public Verdict Begin(long round, ReadOnlySpan<float> prior)
    {
        Array.Fill(_missing, _groups.Length);
        var part = Part(prior);
        _verdict.Clear();
        for (var group = 0; group < _groups.Length; group++)
        {
            Take(group, _groups[group].Begin(round, part));
        }

        return _verdict.Answer();
    }

    /// <inheritdoc/>
    public Verdict Offer(int row, ShareLease<float> share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, _rows * _groups.Length);
        return Answer(row / _rows, _groups[row / _rows].Offer(row % _rows, share));
    }

    /// <inheritdoc/>
    public Verdict Lost(int slot) => Answer(slot / _slots, _groups[slot / _slots].Lost(slot % _slots));

    /// <inheritdoc/>
    public Verdict Returned(int slot) => Answer(slot / _slots, _groups[slot / _slots].Returned(slot % _slots));

    /// <inheritdoc/>
    public void Emit(int block, Span<float> target)
    {
        var sum = _sum.AsSpan(block * _length, _length);
        for (var group = 0; group < _groups.Length; group++)
        {
            _groups[group].Emit(block, group == 0 ? _sum : _one);
            Include(group, _one.AsSpan(block * _length, _length), sum);
        }

        _layout.Scatter<float>(block, _shape, sum, target);
    }

    /// <inheritdoc/>
    public void Decode(Span<float> estimate)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(estimate.Length, _shape.Length, nameof(estimate));
        for (var group = 0; group < _groups.Length; group++)
        {
            _groups[group].Decode(group == 0 ? _sum : _one);
            Include(group, _one, _sum);
        }

        for (var block = 0; block < _blocks; block++)
        {
            _layout.Scatter<float>(block, _shape, _sum.AsSpan(block * _length, _length), estimate);
        }
    }

    /// <inheritdoc/>
    public double Estimate(ReadOnlySpan<double> valueOfRow)
    {
        double sum = 0;
        for (var group = 0; group < _groups.Length; group++)
        {
            sum += _groups[group].Estimate(valueOfRow.Slice(group * _rows, _rows));
        }

        return sum;
    }

    /// <inheritdoc/>
    public bool Used(int row) => _groups[row / _rows].Used(row % _rows);

    /// <inheritdoc/>
    public void Save(IStateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (var group = 0; group < _groups.Length; group++)
        {
            _groups[group].Save(writer.Within($"group{group}"));
        }
    }

    /// <inheritdoc/>
    public void Load(IStateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Array.Fill(_missing, _groups.Length);
        for (var group = 0; group < _groups.Length; group++)
        {
            _groups[group].Load(reader.Within($"group{group}"));
        }
    }

    private static void Include(int group, ReadOnlySpan<float> one, Span<float> sum)
    {
        if (group > 0)
        {
            Axpy.Add(1f, one, sum);
        }
    }

    private Verdict Answer(int group, in Verdict verdict)
    {
        _verdict.Clear();
        Take(group, verdict);
        return _verdict.Answer();
    }

    private void Take(int group, in Verdict verdict)
    {
        _verdict.Add(group, verdict, group * _rows, group * _slots);
        foreach (var block in verdict.Ready.Span)
        {
            if (--_missing[block] == 0)
            {
                _verdict.Ready(block);
            }
        }
    }

    // An even part of the prior, block after block.
    private ReadOnlySpan<float> Part(ReadOnlySpan<float> prior)
    {
        if (prior.IsEmpty)
        {
            return default;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(prior.Length, _shape.Length, nameof(prior));
        _prior = _prior.Length == 0 ? new float[_sum.Length] : _prior;
        Array.Clear(_prior);
        for (var block = 0; block < _blocks; block++)
        {
            _layout.Gather(block, _shape, prior, 1f / _groups.Length, _prior.AsSpan(block * _length, _length));
        }

        return _prior;
    }
}
