using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The coordinator's program of <see cref="LocalDescent"/>: plans rounds, commits them, and is the hub of mixers that need one.</summary>
internal sealed class LocalCoordinator
{
    private const Topic Heard = Topic.Done | Topic.Joined | Topic.Lost;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(30);

    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly SlotLedger _slots;
    private readonly StateRelay _relay;
    private readonly IMixing? _hub;
    private readonly float[] _mixed;
    private readonly bool[] _synced;
    private readonly bool[] _done;
    private Task<MessageLease?>? _heard;
    private LocalPlan? _attempt;
    private TimeSpan _began;
    private TimeSpan _progress;
    private TimeSpan _told;
    private long _modelRound;
    private double _loss;
    private int _firstAttempt;
    private bool _hasModel;
    private bool _failed;

    public LocalCoordinator(INode node, CoordinatorState state)
    {
        _node = node;
        _state = state;
        _plan = state.Plan;
        _clock = new CoordinatorClock(node);
        _slots = new SlotLedger(_plan.Code.Table);
        _relay = new StateRelay(node, state, _slots, _clock, static (lease, _) =>
        {
            lease.Dispose();
            return default;
        });
        _hub = _plan.Mixer!.NeedsHub ? _plan.Mixer.Open(node, _plan.Shape) : null;
        _mixed = new float[_plan.Shape.Length];
        _synced = new bool[_plan.Workers];
        _done = new bool[_plan.Workers];
        _modelRound = state.Round;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        _modelRound = _state.Round;
        while (_slots.There < _plan.Workers && _clock.Now < StartGrace && !_plan.Drain.IsCancellationRequested)
        {
            await HearAsync(Glance, stop);
        }

        while (_state.Status == RunStatus.Running && _state.Round < _plan.Rounds)
        {
            await RoundAsync(stop);
            if (_modelRound == _state.Round)
            {
                await RunEnding.AtBoundaryAsync(_node, _state, _clock, _relay, stop);
            }
        }

        if (_modelRound != _state.Round)
        {
            // What is saved must be what the round says: the coordinator's own copy.
            _state.Rewind(_modelRound);
        }

        await RunEnding.FinishAsync(_node, _state, _clock, _relay, _slots, stop);
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }

    private async ValueTask RoundAsync(CancellationToken stop)
    {
        _began = _progress = _told = _clock.Now;
        for (var attempt = _firstAttempt; _state.Status == RunStatus.Running; attempt++)
        {
            if (await AttemptAsync(attempt, stop))
            {
                Commit();
                return;
            }
        }
    }

    private async ValueTask<bool> AttemptAsync(int attempt, CancellationToken stop)
    {
        while (_slots.There == 0 && _state.Status == RunStatus.Running)
        {
            await HearAsync(Glance, stop);
        }

        if (_state.Status != RunStatus.Running)
        {
            return false;
        }

        var members = Enumerable.Range(0, _plan.Workers).Where(_slots.IsThere).ToArray();
        await SyncAsync(members, stop);
        _attempt = new LocalPlan(_state.Round, attempt, _hub is null && WantsModel(_state.Round + 1), members);
        Array.Clear(_done);
        _loss = 0;
        _hasModel = _failed = false;
        foreach (var slot in members)
        {
            await _attempt.SendAsync(_node, slot, stop);
        }

        return await CollectAsync(_attempt, stop);
    }

    private bool WantsModel(long rounds) =>
        rounds % _plan.HashEvery == 0 || rounds == _plan.Rounds || (_plan.Checkpoints?.Due(rounds) ?? false)
        || (_plan.EvaluateEvery > 0 && rounds % _plan.EvaluateEvery == 0) || _plan.Drain.IsCancellationRequested;

    // Gives the committed parameters to members that do not have them. If nobody has them the run goes back to the coordinator's last copy.
    private async ValueTask SyncAsync(int[] members, CancellationToken stop)
    {
        var giver = Array.Find(members, m => _synced[m]);
        var anybody = members.Any(m => _synced[m]);
        if (!anybody && _modelRound != _state.Round)
        {
            // Attempts of rounds that are done again must not be mistaken for the first ones.
            _state.Rewind(_modelRound);
            _firstAttempt += 16;
        }

        foreach (var slot in members.Where(m => !_synced[m]))
        {
            if (_modelRound == _state.Round)
            {
                using var payload = _node.Lease(_plan.Shape.Length * sizeof(float));
                MemoryMarshal.AsBytes<float>(_state.Parameters).CopyTo(payload.Span);
                await _node.SendAsync(
                    new Message { To = slot, Topic = Topic.State, Round = _state.Round, Row = -1, Payload = payload }, stop);
            }
            else
            {
                await _node.SendAsync(
                    new Message { To = giver, Topic = Topic.NeedState, Round = _state.Round, Row = -1, Value = slot }, stop);
            }
        }
    }

    // Waits until every member is done; false: one was lost, or the run ends.
    private async ValueTask<bool> CollectAsync(LocalPlan plan, CancellationToken stop)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Array.Clear(_mixed);
        var mix = _hub?.MixAsync(new MixRound(plan.Round, plan.Attempt, plan.Members, 0, 0), _mixed, given.Token).AsTask();
        while (_state.Status == RunStatus.Running && !_failed && !plan.Members.All(m => _done[m]) && plan.Members.All(_slots.IsThere))
        {
            await HearAsync(Glance, stop);
        }

        var complete = plan.Members.All(m => _done[m]);
        if (mix is not null)
        {
            if (!complete)
            {
                given.Cancel();
            }

            complete &= (await mix).Completed;
            _hasModel = complete;
        }

        return complete;
    }

    private async ValueTask HearAsync(TimeSpan timeout, CancellationToken stop)
    {
        _heard ??= _node.ReceiveAsync(new Match(Heard), timeout, stop).AsTask();
        var got = await _heard;
        _heard = null;
        if (got is not { } lease)
        {
            // Only a run without any member waits; before the first round all are given time.
            if (_attempt is not null || _plan.Drain.IsCancellationRequested)
            {
                RunEnding.Glance(_state, _clock, _slots, _progress, ref _told);
            }

            return;
        }

        using (lease)
        {
            var message = lease.Message;
            switch (message.Topic)
            {
                case Topic.Joined:
                    _slots.Joined(message.From);
                    _synced[message.From] = false;
                    _progress = _clock.Now;
                    _clock.Report(message.From, _state.Round, -1, Phase.Joined, _clock.Now, _state.Round);
                    break;
                case Topic.Lost:
                    _slots.Lost(message.From);
                    _synced[message.From] = false;
                    _clock.Report(message.From, _state.Round, -1, Phase.Lost, _clock.Now);
                    break;
                case Topic.Done when _attempt is { } plan && message.Round == plan.Round && message.Row == plan.Attempt:
                    TakeDone(plan, message);
                    break;
            }
        }
    }

    private void TakeDone(LocalPlan plan, in Message message)
    {
        if (double.IsNaN(message.Value) && message.Payload is null)
        {
            // Its mix did not come to an end although nobody is known to be lost: all try again.
            _failed = true;
            return;
        }

        _done[message.From] = true;
        _synced[message.From] = true;
        _progress = _clock.Now;
        _loss += message.Value / plan.Members.Length;
        _clock.Report(message.From, message.Round, message.From, Phase.Share, _clock.Now, message.Payload?.Length ?? 0);
        if (message.Payload is { } payload && plan.Members[0] == message.From && payload.Length == _mixed.Length * sizeof(float))
        {
            MemoryMarshal.Cast<byte, float>(payload.Span).CopyTo(_mixed);
            _hasModel = true;
        }
    }

    private void Commit()
    {
        if (!double.IsFinite(_loss) || (_hasModel && !FiniteScan.AllFinite(_mixed)))
        {
            _state.End(RunStatus.Diverged, $"round {_state.Round}: the loss is {_loss} or the mean is not finite; lower the rate or the number of local steps");
            return;
        }

        if (_hasModel)
        {
            _mixed.CopyTo(_state.Parameters, 0);
            _modelRound = _state.Round + 1;
        }

        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Round, _began, _loss);
        _state.Commit();
    }
}
