namespace Sidestep.Training;

/// <summary>One version of the round policy while it is open: its model, what has come of it, its decoder. Used again for later versions.</summary>
internal sealed class OpenVersion(RunPlan plan) : IDisposable
{
    private readonly IDecoder<float> _decoder = plan.Code.CreateDecoder(plan.Layout, plan.Shape);
    private readonly double[] _losses = new double[plan.Code.Table.Rows.Length];
    private readonly bool[] _came = new bool[plan.Code.Table.Rows.Length];
    private readonly int[] _ready = new int[plan.Code.Table.Blocks];
    private readonly bool[] _blocks = new bool[plan.Code.Table.Blocks];
    private readonly bool[] _discounted = new bool[plan.Workers];
    private readonly int[] _ownLeft = new int[plan.Workers];
    private readonly float[] _nothing = new float[Enumerable.Range(0, plan.Code.Table.Blocks).Max(b => plan.Layout.Length(b, plan.Shape))];
    private ModelCopy _model;
    private int _readyCount;
    private int _written;

    /// <summary>The number of the version; −1: never used.</summary>
    public long Label { get; private set; } = -1;

    /// <summary>Versions its model lacked.</summary>
    public long Staleness { get; private set; }

    /// <summary>When its model was first sent.</summary>
    public TimeSpan Opened { get; private set; }

    /// <summary>Different rows that have come.</summary>
    public int Shares { get; private set; }

    /// <summary>Slots that have sent all rows they send unasked.</summary>
    public int Complete { get; private set; }

    /// <summary>How far a decode would be from exact now.</summary>
    public double Residual { get; private set; }

    /// <summary>Shares that were not finite.</summary>
    public int NotFinite { get; set; }

    /// <summary>Shares that could not be read.</summary>
    public int Damaged { get; set; }

    /// <summary>Whether blocks are known that were not written yet.</summary>
    public bool HasNews => _written < _readyCount;

    /// <summary>Whether blocks were written.</summary>
    public bool HasWritten => _written > 0;

    /// <summary>Whether every block was written.</summary>
    public bool IsWritten => _written == _ready.Length;

    /// <summary>Opens it with the present parameters.</summary>
    public Verdict Open(INode node, CoordinatorState state, long label, TimeSpan now)
    {
        (Label, Staleness, Opened) = (label, label - state.Round, now);
        Shares = Complete = NotFinite = Damaged = _readyCount = _written = 0;
        Array.Clear(_losses);
        Array.Clear(_came);
        Array.Clear(_blocks);
        Array.Clear(_ownLeft);
        foreach (var row in plan.Code.Table.Rows)
        {
            _ownLeft[row.Worker] += row.OnRequest ? 0 : 1;
        }

        _model.Take(node, state);
        return Hear(_decoder.Begin(label, default));
    }

    /// <summary>What is sent.</summary>
    public VersionModel Model() => _model.As(Label);

    /// <summary>Whether a share was computed at its model and is the first of its row.</summary>
    public bool Wants(in Message message) => _model.IsOf(message.Fingerprint) && !_came[message.Row];

    /// <summary>Takes a share, empty if it will not come.</summary>
    public Verdict Offer(int row, ShareLease<float> share, double loss)
    {
        if (!share.IsEmpty)
        {
            _came[row] = true;
            _losses[row] = loss;
            Shares++;
            var (slot, isOnRequest) = (plan.Code.Table.Rows[row].Worker, plan.Code.Table.Rows[row].OnRequest);
            Complete += !isOnRequest && --_ownLeft[slot] == 0 ? 1 : 0;
        }

        return Hear(_decoder.Offer(row, share));
    }

    /// <summary>Whether a row's bytes take part in the decode.</summary>
    public bool Uses(int row) => _decoder.Used(row);

    /// <summary>Whether the decoder counts on a slot for this version.</summary>
    public bool Counts(int slot) => !_discounted[slot];

    /// <summary>Tells the decoder whether a slot can be counted on for this version.</summary>
    public Verdict Count(int slot, bool isThere)
    {
        _discounted[slot] = !isThere;
        return Hear(isThere ? _decoder.Returned(slot) : _decoder.Lost(slot));
    }

    /// <summary>Writes the blocks that became known since the last time.</summary>
    public void WriteNews(Span<float> gradient)
    {
        while (_written < _readyCount)
        {
            var block = _ready[_written++];
            _decoder.Emit(block, gradient);
            _blocks[block] = true;
        }
    }

    /// <summary>Completes a gradient with what has come.</summary>
    /// <param name="gradient">Overwritten, but where everything was known and written before.</param>
    /// <param name="rest">Whether blocks that were written before are left out: zeros stand in their place.</param>
    /// <returns>The estimate of the summed loss.</returns>
    public double Finish(Span<float> gradient, bool rest)
    {
        if (!IsWritten)
        {
            _decoder.Decode(gradient);
        }

        for (var block = 0; rest && block < _ready.Length; block++)
        {
            if (_blocks[block])
            {
                plan.Layout.Scatter<float>(block, plan.Shape, _nothing.AsSpan(0, plan.Layout.Length(block, plan.Shape)), gradient);
            }
        }

        return _decoder.Estimate(_losses);
    }

    /// <summary>Gives its model and its shares back.</summary>
    public void Dispose()
    {
        _model.Dispose();
        _decoder.Begin(Math.Max(0, Label), default);
    }

    private Verdict Hear(Verdict verdict)
    {
        Residual = verdict.Residual;
        verdict.Ready.Span.CopyTo(_ready.AsSpan(_readyCount));
        _readyCount += verdict.Ready.Length;
        return verdict;
    }
}
