using System.Numerics.Tensors;
using Sidestep.Coding;

namespace Sidestep.Training;

/// <summary>The immediate policy: a version is the model after so many updates; every share moves it on its own, times fixed weights.</summary>
internal sealed class ImmediateVersions : IVersions
{
    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly AsyncDescent _strategy;
    private readonly IPacing _pacing;
    private readonly Assignments _work;
    private readonly ShareIntake _intake;
    private readonly LossEstimate _loss;
    private readonly UpdateStep _step;
    private readonly (int Block, double Weight)[][] _weights;
    private readonly long[] _versions;
    private readonly bool[] _there;
    private readonly bool[] _waits;
    private readonly float[] _gradient;
    private readonly float[] _block;
    private readonly int _shares;
    private readonly double _part;
    private ModelCopy _model;
    private long _modelOf = -1;
    private int _pending;
    private int _row;
    private long _stalest;

    public ImmediateVersions(INode node, CoordinatorState state, CoordinatorClock clock, AsyncDescent strategy)
    {
        (_node, _state, _plan, _clock, _strategy) = (node, state, state.Plan, clock, strategy);
        var (table, workers) = (_plan.Code.Table, _plan.Workers);
        var weights = ImmediateWeights.Of(_plan.Code);
        _weights = [.. Enumerable.Range(0, table.Rows.Length).Select(r => weights.Of(r).ToArray())];
        _work = new Assignments(table);
        _intake = new ShareIntake(node, _plan);
        _loss = new LossEstimate(table);
        _step = new UpdateStep(state, clock, strategy.Rule);
        _shares = strategy.Shares ?? 1;
        _part = strategy.Scale * _shares / _work.Rows;
        _pacing = strategy.Slack is { } slack ? new BoundedLead(workers, slack, state.Round * _shares / _work.Rows) : new Unpaced();
        _versions = new long[workers];
        _there = new bool[workers];
        _waits = new bool[workers];
        _gradient = new float[_plan.Shape.Length];
        _block = new float[Enumerable.Range(0, table.Blocks).Max(b => _plan.Layout.Length(b, _plan.Shape))];
    }

    public TimeSpan Due => TimeSpan.MaxValue;

    public List<Message> Outgoing { get; } = [];

    public void Joined(int slot)
    {
        _there[slot] = true;
        Forget(slot);
        _pacing.Joined(slot);
    }

    public void Lost(int slot)
    {
        _there[slot] = false;
        Forget(slot);
        _pacing.Lost(slot);
    }

    public bool TryNext(int slot, TimeSpan now, out VersionModel model)
    {
        model = default;

        // Who has given to the update that is being gathered waits for it: the same version again would be the same samples.
        if (_work.IsBusy(slot) || _waits[slot] || !_pacing.MayStart(slot))
        {
            return false;
        }

        if (_modelOf != _state.Round)
        {
            _model.Take(_node, _state);
            _modelOf = _state.Round;
        }

        var label = _pacing.Label(slot, _state.Round);
        _work.Give(slot, label);
        _versions[slot] = _state.Round;
        model = _model.As(label);
        return true;
    }

    public bool Take(in Message message, TimeSpan now)
    {
        var slot = message.From;
        if (!_intake.Belongs(message) || !_work.Settle(message.Row, message.Round))
        {
            return Refuse(message, Phase.Rejected, now, 0);
        }

        var staleness = _state.Round - _versions[slot];
        var factor = staleness > _strategy.MaxStaleness || _state.Round >= _plan.Rounds ? 0 : _step.Factor(staleness, _part);
        if (factor == 0)
        {
            return Refuse(message, Phase.Late, now, staleness);
        }

        _clock.Report(slot, message.Round, message.Row, Phase.Share, now, message.Payload?.Length ?? 0);
        using var share = _intake.Open(message);
        if (share.IsEmpty)
        {
            var what = _intake.NotFinite > 0 ? "is not finite; lower the rate or start from an earlier snapshot" : "cannot be read";
            _state.End(RunStatus.Diverged, $"version {_state.Round}: gradient of slot {slot} {what}");
            return false;
        }

        _loss.Tell(message.Row, message.Value);
        Add(message.Row, share.Span, factor * _strategy.Scale / _plan.Source.Samples(message.Round));
        _pending++;
        _waits[slot] = true;
        _row = message.Row;
        _stalest = Math.Max(_stalest, staleness);
        if (!_work.IsBusy(slot))
        {
            _pacing.Applied(slot);
        }

        return true;
    }

    public bool Advance(TimeSpan now)
    {
        if (_pending == 0 || (_pending < _shares && !IsEverybodyDone()))
        {
            return false;
        }

        if (!_step.Apply(_gradient, _part * _pending / _shares, _stalest))
        {
            return false;
        }

        var loss = _loss.Sum() / _plan.Source.Samples(_state.Round);
        _clock.Report(Slots.Coordinator, _state.Round, _shares == 1 ? _row : -1, Phase.Round, now, loss);
        Array.Clear(_gradient);
        Array.Clear(_waits);
        (_pending, _stalest) = (0, 0);
        _state.Commit();
        return true;
    }

    /// <remarks>Shares that are being gathered are dropped: nothing of them was applied.</remarks>
    public void Close()
    {
    }

    public void Dispose() => _model.Dispose();

    private bool Refuse(in Message message, Phase phase, TimeSpan now, long staleness)
    {
        _clock.Report(message.From, phase == Phase.Late ? message.Round : _state.Round, message.Row, phase, now, staleness);
        message.Payload?.Dispose();
        return false;
    }

    private void Forget(int slot)
    {
        _work.Clear(slot);
        _waits[slot] = false;
    }

    // gradient[b] += weight · share, for the blocks of the row.
    private void Add(int row, ReadOnlySpan<float> share, double factor)
    {
        foreach (var (block, weight) in _weights[row])
        {
            var sum = _block.AsSpan(0, share.Length);
            TensorPrimitives.Multiply(share, (float)(weight * factor), sum);
            _plan.Layout.Gather(block, _plan.Shape, _gradient, 1f, sum);
            _plan.Layout.Scatter<float>(block, _plan.Shape, sum, _gradient);
        }
    }

    // Then no further share can come: waiting for more of them would be for ever.
    private bool IsEverybodyDone()
    {
        var missing = 0;
        for (var slot = 0; slot < _there.Length; slot++)
        {
            missing += _there[slot] ? 0 : 1;
            if (_there[slot] && (_work.IsBusy(slot) || !_waits[slot]))
            {
                return false;
            }
        }

        return missing <= _plan.Code.Guarantee.Stragglers;
    }
}
