namespace Sidestep.Coding;

/// <summary>Decodes any table by planned weights: plans in double, combines in float in one pass, in class order, never in arrival order.</summary>
/// <remarks>
/// Plans are cached by arrival set; tables that are only added (uncoded, repetition, re-issue, drop-slowest) need none. Rows with the same
/// terms are replicas: the first that arrives is kept. Classes nobody living will send are asked of slots that have finished their own
/// rows, if the table has them on request. A block is ready when it comes out exactly. What will not decode is filled from the prior,
/// a missing partition counting as an even part of it. Nothing is allocated per round once the arrival sets have been seen.
/// Cost: arrivals · p multiply-adds for a decode; O(cells · arrivals) per offer for tables that need planning, O(classes) else.
/// <code>var decoder = FractionalRepetitionCode.Create(12, 2).CreateDecoder(BlockLayout.Whole, ModelShape.Flat(1000));</code>
/// </remarks>
public sealed class LinearDecoder : IDecoder<float>
{
    private readonly RowClasses _classes;
    private readonly ArrivedShares _shares;
    private readonly Combiner _combiner;
    private readonly IRequests _requests;
    private readonly IResidual _residual;
    private readonly bool[] _ready;
    private readonly int[] _newlyReady;
    private long _round = -1;

    /// <summary>Opens a decoder.</summary>
    /// <param name="table">The code's table.</param>
    /// <param name="layout">What a block is.</param>
    /// <param name="shape">The model.</param>
    /// <exception cref="ConfigurationException">The table is not sound, or a row mixes blocks of different lengths.</exception>
    public LinearDecoder(CodeTable<float> table, BlockLayout layout, ModelShape shape)
        : this(new RowClasses(table), layout, shape, rescale: false)
    {
    }

    internal LinearDecoder(RowClasses classes, BlockLayout layout, ModelShape shape, bool rescale, WorkSharing? sharing)
        : this(classes, layout, shape, sharing is null ? null : new WorkBoard(classes, sharing), rescale)
    {
    }

    internal LinearDecoder(RowClasses classes, BlockLayout layout, ModelShape shape, IRequests? requests = null, bool rescale = false)
    {
        _classes = classes;
        _shares = new ArrivedShares(classes, layout, shape);
        _combiner = new Combiner(classes, _shares, layout, shape, rescale);
        _requests = requests ?? new RequestBoard(classes, _combiner.Decodes);
        _residual = classes.OnlyAdded ? new CountedResidual(classes, rescale) : new ProjectedResidual(classes);
        _ready = new bool[classes.Table.Blocks];
        _newlyReady = new int[classes.Table.Blocks];
    }

    /// <inheritdoc/>
    public Verdict Begin(long round, ReadOnlySpan<float> prior)
    {
        Open(round);
        _combiner.SetPrior(prior);
        return Answer();
    }

    /// <inheritdoc/>
    /// <exception cref="MalformedException">The share has another length than the row; it was given back.</exception>
    public Verdict Offer(int row, ShareLease<float> share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, _classes.Table.Rows.Length);
        if (share.IsEmpty)
        {
            _requests.Over(row);
        }
        else if (_shares.Take(row, share))
        {
            _requests.Came(row);
            _residual.Add(_classes.Of(row));
        }
        else
        {
            _requests.Came(row);
        }

        return Answer();
    }

    /// <inheritdoc/>
    public Verdict Lost(int slot)
    {
        _requests.Lost(slot);
        return Answer();
    }

    /// <inheritdoc/>
    public Verdict Returned(int slot)
    {
        _requests.Returned(slot);
        return Answer();
    }

    /// <inheritdoc/>
    public void Emit(int block, Span<float> target) => _combiner.Write(block, target);

    /// <inheritdoc/>
    public void Decode(Span<float> estimate)
    {
        for (var block = 0; block < _ready.Length; block++)
        {
            _combiner.Write(block, estimate);
        }
    }

    /// <inheritdoc/>
    public double Estimate(ReadOnlySpan<double> valueOfRow) => _combiner.Estimate(valueOfRow);

    /// <inheritdoc/>
    public bool Used(int row) => _combiner.Uses(_classes.Of(row));

    /// <inheritdoc/>
    public void Save(IStateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOne("round", _round);
        _requests.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(IStateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Open(reader.ReadOne<long>("round"));
        _requests.Load(reader);
    }

    private void Open(long round)
    {
        _round = round;
        _shares.Clear();
        _residual.Clear();
        _requests.Begin();
        Array.Clear(_ready);
    }

    private Verdict Answer()
    {
        double squares = 0;
        var count = 0;
        for (var block = 0; block < _ready.Length; block++)
        {
            var squared = Squared(block);
            squares += squared;
            if (squared == 0 && !_ready[block])
            {
                _ready[block] = true;
                _newlyReady[count++] = block;
            }
        }

        var wanted = squares > 0 ? _requests.Collect(_shares) : default;
        return new Verdict(Math.Sqrt(squares), wanted, _newlyReady.AsMemory(0, count), default, _requests.TakeWithdrawn());
    }

    // A projection close to complete is confirmed by the plan, whose tolerance knows the weights.
    private double Squared(int block)
    {
        var squared = _residual.Squared(block);
        return !_residual.IsExact && squared < 1e-4 && _combiner.Plan.IsExact(block) ? 0 : squared;
    }
}
