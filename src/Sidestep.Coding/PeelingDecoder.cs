namespace Sidestep.Coding;

/// <summary>Decodes rows of at most two blocks by affine union–find (D3); blocks come out as soon as they are known.</summary>
/// <remarks>
/// For such rows peeling loses nothing: everything is known iff the rows that arrived have rank K. The residual is √(K − rank). While something is
/// unknown, a decode is the orthogonal projection of the true blocks onto what arrived (D1, by planned weights), with the prior, if there is one,
/// in the directions nobody sent; it is never longer than the true vector and always a descent direction. Arithmetic goes in row order; a decode
/// depends on the set of arrivals alone, a block that is emitted early on those present then. A scalar is estimated like block 0.
/// Cost: O(p · log K) for everything of a round; O(K) per offer. Nothing is allocated per round, but for the weights of
/// projections and estimates from sets not seen before.
/// Source: Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022 (our reconstruction).
/// </remarks>
public sealed class PeelingDecoder : IDecoder<float>
{
    private readonly RowClasses _classes;
    private readonly PairEquations _equations;
    private readonly BlockLayout _layout;
    private readonly ModelShape _shape;
    private readonly ArrivedShares _shares;
    private readonly Combiner _combiner;
    private readonly AffineForest _found;
    private readonly AffineForest _values;
    private readonly IRequests? _requests;
    private readonly bool[] _ready;
    private readonly bool[] _told;
    private readonly int[] _newlyReady;
    private int _solvedWith;
    private long _round = -1;

    /// <summary>Opens a decoder.</summary>
    /// <param name="table">A table with one partition and rows of at most two blocks.</param>
    /// <param name="layout">What a block is; all blocks must have the same length.</param>
    /// <param name="shape">The model.</param>
    /// <exception cref="ConfigurationException">The table is of another kind or not sound.</exception>
    public PeelingDecoder(CodeTable<float> table, BlockLayout layout, ModelShape shape)
        : this(new RowClasses(table), layout, shape, requests: null)
    {
    }

    internal PeelingDecoder(RowClasses classes, BlockLayout layout, ModelShape shape, IRequests? requests)
    {
        if (requests is null && classes.Table.Rows.Any(row => row.OnRequest))
        {
            throw new ConfigurationException("peeling by itself asks for no rows, but the table has some on request; use the linear decoder");
        }

        _requests = requests;
        _classes = classes;
        _equations = new PairEquations(classes);
        _layout = layout;
        _shape = shape;
        _shares = new ArrivedShares(classes, layout, shape);
        _combiner = new Combiner(classes, _shares, layout, shape, rescale: false);
        _found = new AffineForest(_equations.Blocks, 0);
        _values = new AffineForest(_equations.Blocks, layout.Length(0, shape));
        _ready = new bool[_equations.Blocks];
        _newlyReady = new int[_equations.Blocks];
        _told = new bool[classes.Count];
    }

    private bool IsComplete => _found.Rank == _equations.Blocks;

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
            _requests?.Over(row);
            return Answer();
        }

        if (_shares.Take(row, share))
        {
            _equations.Add(_classes.Of(row), _found, default);
        }

        _requests?.Came(row);
        return Answer();
    }

    /// <inheritdoc/>
    public Verdict Lost(int slot)
    {
        _requests?.Lost(slot);
        return Answer();
    }

    /// <inheritdoc/>
    public Verdict Returned(int slot)
    {
        _requests?.Returned(slot);
        return Answer();
    }

    /// <inheritdoc/>
    public void Emit(int block, Span<float> target)
    {
        if (!_found.IsKnown(block))
        {
            _combiner.Write(block, target);
            return;
        }

        if (!_values.IsKnown(block))
        {
            Solve();
        }

        _layout.Scatter(block, _shape, _values[block], target);
    }

    /// <inheritdoc/>
    public void Decode(Span<float> estimate)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(estimate.Length, _shape.Length, nameof(estimate));
        if (IsComplete)
        {
            SolveAll();
        }

        for (var block = 0; block < _equations.Blocks; block++)
        {
            if (IsComplete)
            {
                _layout.Scatter(block, _shape, _values[block], estimate);
            }
            else
            {
                _combiner.Write(block, estimate);
            }
        }
    }

    /// <inheritdoc/>
    public double Estimate(ReadOnlySpan<double> valueOfRow) => _combiner.Estimate(valueOfRow);

    /// <inheritdoc/>
    public bool Used(int row)
    {
        var number = _classes.Of(row);
        if (!_shares.Holds(number))
        {
            return false;
        }

        if (!IsComplete)
        {
            return _combiner.Uses(number);
        }

        SolveAll();
        return _told[number];
    }

    /// <inheritdoc/>
    public void Save(IStateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOne("round", _round);
        _requests?.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(IStateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Open(reader.ReadOne<long>("round"));
        _requests?.Load(reader);
    }

    private void Open(long round)
    {
        _round = round;
        _shares.Clear();
        _found.Clear();
        _requests?.Begin();
        Array.Clear(_ready);
        Forget();
    }

    // A function of the arrivals alone: values from an earlier, smaller set are not kept.
    private void SolveAll()
    {
        if (_solvedWith != _shares.Count)
        {
            Forget();
            Solve();
        }
    }

    private void Forget()
    {
        _values.Clear();
        Array.Clear(_told);
        _solvedWith = 0;
    }

    // Works out every block known by now, in row order. Components that are still open are left alone, so that no vector work is lost.
    private void Solve()
    {
        for (var number = 0; number < _classes.Count; number++)
        {
            if (_shares.Holds(number) && _found.IsKnown(_equations.FirstOf(number)))
            {
                _told[number] |= _equations.Add(number, _values, _shares[number]);
            }
        }

        _solvedWith = _solvedWith == 0 ? _shares.Count : -1;
    }

    private Verdict Answer()
    {
        var count = 0;
        for (var block = 0; block < _ready.Length; block++)
        {
            if (!_ready[block] && _found.IsKnown(block))
            {
                _ready[block] = true;
                _newlyReady[count++] = block;
            }
        }

        var wanted = _requests is null || IsComplete ? default : _requests.Collect(_shares);
        return new Verdict(Math.Sqrt(_equations.Blocks - _found.Rank), wanted, _newlyReady.AsMemory(0, count), default, _requests?.TakeWithdrawn() ?? default);
    }
}
