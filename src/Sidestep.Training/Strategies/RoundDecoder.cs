using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>The decoder of a coordinator's rounds: tells it whom it can count on, and carries out what it wants (asks, withdrawals, finished blocks).</summary>
internal sealed class RoundDecoder
{
    private readonly INode _node;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly SlotLedger _slots;
    private readonly LatenessRule _lateness;
    private readonly IDecoder<float> _decoder;
    private readonly bool[] _lost;
    private long _round;
    private int _emitted;

    public RoundDecoder(INode node, RunPlan plan, CoordinatorClock clock, SlotLedger slots, LatenessRule lateness)
    {
        (_node, _plan, _clock, _slots, _lateness) = (node, plan, clock, slots, lateness);
        _decoder = plan.Code.CreateDecoder(plan.Layout, plan.Shape);
        _lost = new bool[plan.Workers];
        CanAsk = plan.Code.Table.Rows.Any(r => r.OnRequest);
        Gradient = new float[plan.Shape.Length];
    }

    /// <summary>Whether rows can be asked of slots that would not send them by themselves.</summary>
    public bool CanAsk { get; }

    /// <summary>The sum over partitions, once <see cref="Finish"/> was called.</summary>
    public float[] Gradient { get; }

    /// <summary>How far a decode would be from exact now.</summary>
    public double Residual { get; private set; }

    /// <summary>When <see cref="JudgeAsync"/> has something to judge; <see cref="TimeSpan.MaxValue"/>: not yet known.</summary>
    public TimeSpan JudgeAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Starts a round, after its model was sent. The decoder remembers across rounds whom it cannot count on; it is told of changes only.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask BeginAsync(long round, CancellationToken stop)
    {
        (_round, _emitted, JudgeAt) = (round, 0, TimeSpan.MaxValue);
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            // A late slot that owns nothing would never get the chance to answer again.
            var lost = !_slots.IsThere(slot) || (_slots.Late[slot] && _slots.HasOwnRows(slot));
            if (_lost[slot] != lost)
            {
                _lost[slot] = lost;
                _ = lost ? _decoder.Lost(slot) : _decoder.Returned(slot);
            }

            Given(slot);
        }

        await FollowAsync(_decoder.Begin(round, default), stop);
    }

    /// <summary>Gives the round's shares back.</summary>
    public void Drop() => _decoder.Begin(_round, default);

    /// <summary>A slot can, or cannot, be counted on.</summary>
    public ValueTask TellAsync(int slot, bool lost, CancellationToken stop)
    {
        if (_lost[slot] == lost)
        {
            return default;
        }

        _lost[slot] = lost;
        return FollowAsync(lost ? _decoder.Lost(slot) : _decoder.Returned(slot), stop);
    }

    /// <summary>A share came; it is owned by the decoder from here on. Whoever answers, however late, can be asked.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask OfferAsync(int row, ShareLease<float> share, CancellationToken stop)
    {
        await FollowAsync(_decoder.Offer(row, share), stop);
        await TellAsync(_plan.Code.Table.Rows[row].Worker, false, stop);
    }

    /// <summary>A slot was given work: when is it late?</summary>
    public void Given(int slot)
    {
        if (CanAsk && _lateness.After != Timeout.InfiniteTimeSpan && _slots.Owes(slot))
        {
            var due = _slots.GivenAt(slot) + _lateness.After;
            JudgeAt = due < JudgeAt ? due : JudgeAt;
        }
    }

    /// <summary>Slots that have not answered in time count as late, and others are asked for their rows.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask JudgeAsync(CancellationToken stop)
    {
        var now = _clock.Now;
        if (now < JudgeAt)
        {
            return;
        }

        JudgeAt = TimeSpan.MaxValue;
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (!_slots.IsThere(slot) || !_slots.Owes(slot) || _lost[slot])
            {
                continue;
            }

            if (now - _slots.GivenAt(slot) < _lateness.After)
            {
                Given(slot);
                continue;
            }

            _slots.Late[slot] = true;
            await TellAsync(slot, true, stop);
        }
    }

    /// <summary>Completes <see cref="Gradient"/> with what has arrived.</summary>
    /// <param name="losses">The losses that came with the shares, by row.</param>
    /// <returns>The estimate of the summed loss.</returns>
    public double Finish(ReadOnlySpan<double> losses)
    {
        if (_emitted < _plan.Code.Table.Blocks)
        {
            _decoder.Decode(Gradient);
        }

        return _decoder.Estimate(losses);
    }

    /// <summary>Whether a row's bytes take part in the decode.</summary>
    public bool Used(int row) => _decoder.Used(row);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FollowAsync(Verdict verdict, CancellationToken stop)
    {
        Residual = verdict.Residual;
        for (var i = 0; i < verdict.Ready.Length; i++)
        {
            _decoder.Emit(verdict.Ready.Span[i], Gradient);
            _emitted++;
        }

        for (var i = 0; i < verdict.Withdrawn.Length; i++)
        {
            var row = verdict.Withdrawn.Span[i];
            var slot = _plan.Code.Table.Rows[row].Worker;
            _slots.Settled(row, slot);
            if (_slots.IsThere(slot))
            {
                await _node.SendAsync(new Message { To = slot, Topic = Topic.Withdraw, Round = _round, Row = row, Value = _decoder.Used(row) ? 1 : 0 }, stop);
            }
        }

        for (var i = 0; i < verdict.Wanted.Length; i++)
        {
            var row = verdict.Wanted.Span[i];
            var slot = _plan.Code.Table.Rows[row].Worker;
            _slots.Asked(row, slot, _clock.Now);
            Given(slot);
            _clock.Report(slot, _round, row, Phase.Ask, _clock.Now);
            await _node.SendAsync(new Message { To = slot, Topic = Topic.Ask, Round = _round, Row = row }, stop);
        }
    }
}
