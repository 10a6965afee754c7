using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>The round policy: versions are computed side by side, up to a bound, and take effect in order, each once.</summary>
/// <remarks>The first version in line is the number of rounds done. A version's model holds all versions that had taken effect when it was opened, hence lacks as many as
/// were open: at most the bound. A version that a slot works on although it has taken effect is given up for the next. Rows on request are asked of slots that work on their version;
/// whoever would have to wait helps the first in line.</remarks>
internal sealed class RoundVersions : IVersions
{
    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly AsyncDescent _strategy;
    private readonly Assignments _work;
    private readonly ShareIntake _intake;
    private readonly UpdateStep _step;
    private readonly RoundRequests _requests;
    private readonly OpenVersion?[] _open;
    private readonly long[] _next;
    private readonly float[] _gradient;
    private readonly int _shares;
    private long _opened;
    private TimeSpan _ended;

    public RoundVersions(INode node, CoordinatorState state, CoordinatorClock clock, AsyncDescent strategy)
    {
        (_node, _state, _plan, _clock, _strategy) = (node, state, state.Plan, clock, strategy);
        _work = new Assignments(_plan.Code.Table);
        _intake = new ShareIntake(node, _plan);
        _step = new UpdateStep(state, clock, strategy.Rule);
        _requests = new RoundRequests(_plan.Code.Table, _work);
        _open = new OpenVersion?[strategy.MaxStaleness + 1];
        _next = new long[_plan.Workers];
        _gradient = new float[_plan.Shape.Length];
        _shares = Math.Min(strategy.Shares ?? int.MaxValue, _plan.Code.Patience.Shares);
        _opened = state.Round;
    }

    public TimeSpan Due => _strategy.Deadline is { } deadline && _opened > _state.Round && First.Shares > 0 ? First.Opened + deadline : TimeSpan.MaxValue;

    private OpenVersion First => At(_state.Round);

    public List<Message> Outgoing => _requests.Outgoing;

    public void Joined(int slot)
    {
        _work.Clear(slot);
        _requests.Joined(slot);
        _requests.News();
    }

    public void Lost(int slot)
    {
        _work.Clear(slot);
        _requests.Lost(slot);
        _requests.News();
        for (var label = _state.Round; label < _opened; label++)
        {
            _requests.Count(At(label), slot, isThere: false);
        }
    }

    public bool TryNext(int slot, TimeSpan now, out VersionModel model)
    {
        model = default;
        var (on, label) = (_work.On(slot), Math.Max(_next[slot], _state.Round));
        if (_work.IsBusy(slot) && on >= _state.Round)
        {
            return false;
        }

        if (label > _state.Round + _strategy.MaxStaleness || label >= _plan.Rounds)
        {
            return TryHelp(slot, out model);
        }

        if (label == _opened)
        {
            _requests.Open(At(label), _node, _state, label, now);
            _opened++;
        }

        _work.Give(slot, label);
        if (on >= _state.Round && on != label)
        {
            _requests.Count(At(on), slot, isThere: false);
        }

        _requests.Count(At(label), slot, isThere: true);
        if (!_work.IsBusy(slot))
        {
            // It owns nothing and nothing is left for it.
            _next[slot] = label + 1;
        }

        model = At(label).Model();
        return true;
    }

    public bool Take(in Message message, TimeSpan now)
    {
        var (slot, label, staleness) = (message.From, message.Round, _state.Round - message.Round);
        if (!_intake.Belongs(message) || label < 0 || label >= _opened)
        {
            return Refuse(message, Phase.Rejected, now, 0);
        }

        if (_work.Settle(message.Row, label) && !_work.IsBusy(slot))
        {
            _next[slot] = Math.Max(_next[slot], label + 1);
        }

        if (staleness > 0 || (message.Payload is not null && !At(label).Wants(message)))
        {
            return Refuse(message, Phase.Late, now, staleness);
        }

        var (version, notFinite, damaged) = (At(label), _intake.NotFinite, _intake.Damaged);
        var bytes = message.Payload?.Length ?? 0;
        var share = _intake.Open(message);
        _clock.Report(slot, label, message.Row, share.IsEmpty ? Phase.Rejected : Phase.Share, now, bytes);
        version.NotFinite += _intake.NotFinite - notFinite;
        version.Damaged += _intake.Damaged - damaged;
        _requests.Follow(version, version.Offer(message.Row, share, message.Value));
        _requests.News();
        JudgeDivergence(version, message, share.IsEmpty);
        return true;
    }

    public bool Advance(TimeSpan now)
    {
        if (_opened <= _state.Round)
        {
            return false;
        }

        var first = First;
        if (first.HasNews)
        {
            WriteNews(first);
        }

        return _state.Status == RunStatus.Running && (IsSatisfied(first) || now >= Due) && TakeEffect(first);
    }

    public void Close()
    {
        if (_strategy.Early && _opened > _state.Round && First.HasWritten)
        {
            TakeEffect(First);
        }
    }

    public void Dispose()
    {
        foreach (var version in _open)
        {
            version?.Dispose();
        }
    }

    private bool TryHelp(int slot, out VersionModel model)
    {
        model = default;
        if (!_requests.TryHelp(slot, First, _next, out var isGivenAgain) || !isGivenAgain)
        {
            return false;
        }

        model = First.Model();
        return true;
    }

    private bool IsSatisfied(OpenVersion version) =>
        version.Residual <= _plan.Code.Patience.Residual || version.Shares >= _shares || version.Complete >= _plan.Code.Patience.Slots;

    private OpenVersion At(long label) => _open[label % _open.Length] ??= new OpenVersion(_plan);

    private bool Refuse(in Message message, Phase phase, TimeSpan now, long staleness)
    {
        _clock.Report(message.From, message.Round, message.Row, phase, now, staleness);
        message.Payload?.Dispose();
        return false;
    }

    // What cannot be made up for by others ends the run; a row that was asked for was to make up for another.
    private void JudgeDivergence(OpenVersion version, in Message message, bool isOver)
    {
        var most = _plan.Code.Guarantee.Stragglers;
        if (version.NotFinite > most || (version.NotFinite > 0 && isOver && _plan.Code.Table.Rows[message.Row].OnRequest))
        {
            _state.End(RunStatus.Diverged, $"round {version.Label}: gradient of slot {message.From} is not finite; lower the rate or start from an earlier snapshot");
        }
        else if (version.Damaged > most)
        {
            _state.End(RunStatus.Diverged, $"round {version.Label}: {version.Damaged} shares, the last of slot {message.From}, cannot be read, and code {_plan.Code.Name} tolerates {most} missing slots");
        }
    }

    private void WriteNews(OpenVersion first)
    {
        if (!_strategy.Early)
        {
            first.WriteNews(_gradient);
            return;
        }

        Array.Clear(_gradient);
        first.WriteNews(_gradient);
        Apply(first);
    }

    private bool TakeEffect(OpenVersion first)
    {
        var began = _clock.Now;
        var loss = first.Finish(_gradient, _strategy.Early) / _plan.Source.Samples(_state.Round);
        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Decode, began, first.Residual);
        if (!double.IsFinite(loss))
        {
            _state.End(RunStatus.Diverged, $"round {_state.Round}: the loss is {loss}; lower the rate or start from an earlier snapshot");
        }
        else if (!(_strategy.Early && first.IsWritten))
        {
            Apply(first);
        }

        if (_state.Status == RunStatus.Diverged)
        {
            return false;
        }

        // Versions overlap; what is reported as rounds does not.
        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Round, first.Opened > _ended ? first.Opened : _ended, loss);
        _ended = _clock.Now;
        first.Dispose();
        _requests.News();
        _state.Commit();
        return true;
    }

    private void Apply(OpenVersion version)
    {
        TensorPrimitives.Multiply(_gradient, 1f / _plan.Source.Samples(version.Label), _gradient);
        var factor = _step.Factor(version.Staleness, 1);
        if (factor == 0)
        {
            return;
        }

        if (factor != 1)
        {
            Scale.By((float)factor, _gradient);
        }

        _step.Apply(_gradient, 1, version.Staleness);
    }
}
