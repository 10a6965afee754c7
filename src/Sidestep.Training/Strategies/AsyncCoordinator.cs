using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The coordinator's program of <see cref="AsyncDescent"/> and <see cref="StaleSynchronous"/>: every share is applied as it comes; the pacing says who goes on when.</summary>
internal sealed class AsyncCoordinator
{
    private const Topic Heard = Topic.Share | Topic.Done | Topic.Joined | Topic.Lost | Topic.NeedState;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly IPacing _pacing;
    private readonly bool[] _waits;
    private readonly CoordinatorClock _clock;
    private readonly SlotLedger _slots;
    private readonly ShareIntake _intake;
    private readonly StateRelay _relay;
    private readonly float[] _gradient;
    private TimeSpan _progress;
    private TimeSpan _told;

    public AsyncCoordinator(INode node, CoordinatorState state, IPacing pacing)
    {
        _node = node;
        _state = state;
        _plan = state.Plan;
        _pacing = pacing;
        _waits = new bool[_plan.Workers];
        _clock = new CoordinatorClock(node);
        _slots = new SlotLedger(_plan.Code.Table);
        _intake = new ShareIntake(node, _plan);
        _relay = new StateRelay(node, state, _slots, _clock, HearAsync);
        _gradient = new float[_plan.Shape.Length];
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (_state.Status == RunStatus.Running && _state.Round < _plan.Rounds)
        {
            var before = _state.Round;
            if (await _node.ReceiveAsync(new Match(Heard), Glance, stop) is { } lease)
            {
                await HearAsync(lease, stop);
            }
            else
            {
                RunEnding.Glance(_state, _clock, _slots, _progress, ref _told);
            }

            if (_state.Round > before)
            {
                await RunEnding.AtBoundaryAsync(_node, _state, _clock, _relay, stop);
            }
        }

        await RunEnding.FinishAsync(_node, _state, _clock, _relay, _slots, stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HearAsync(MessageLease lease, CancellationToken stop)
    {
        var message = lease.Message;
        switch (message.Topic)
        {
            case Topic.Share:
            case Topic.Done:
                Take(message);
                _waits[message.From] = true;
                await GoOnAsync(stop);
                return;
            case Topic.Joined:
                _slots.Joined(message.From);
                _pacing.Joined(message.From);
                _waits[message.From] = true;
                _state.Directory.Joined(message.From, _state.Round);
                _progress = _clock.Now;
                _clock.Report(message.From, _state.Round, -1, Phase.Joined, _clock.Now, _state.Round);
                await GoOnAsync(stop);
                break;
            case Topic.Lost:
                _slots.Lost(message.From);
                _pacing.Lost(message.From);
                _waits[message.From] = false;
                _clock.Report(message.From, _state.Round, -1, Phase.Lost, _clock.Now);
                await _relay.LostAsync(message.From, stop);
                await GoOnAsync(stop);
                break;
            case Topic.NeedState:
                await _relay.NeedsAsync(message, stop);
                break;
        }

        lease.Dispose();
    }

    // Whoever waits and may start is sent the newest model.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GoOnAsync(CancellationToken stop)
    {
        for (var slot = 0; slot < _waits.Length; slot++)
        {
            if (_waits[slot] && _slots.IsThere(slot) && _state.Round < _plan.Rounds && _pacing.MayStart(slot))
            {
                _waits[slot] = false;
                await SendModelAsync(slot, stop);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendModelAsync(int slot, CancellationToken stop)
    {
        using var payload = ModelMessage.Write(_node, _plan, _state.Parameters, _state.LastUsed);
        var fingerprint = Checksum.Fingerprint(MemoryMarshal.AsBytes<float>(_state.Parameters));
        var label = _pacing.Label(slot, _state.Round);
        _slots.Sent(slot, label, _clock.Now);
        await _node.SendAsync(
            new Message { To = slot, Topic = Topic.Model, Round = label, Row = -1, Fingerprint = fingerprint, Payload = payload },
            stop);
        _clock.Report(slot, _state.Round, -1, Phase.Model, _clock.Now, payload.Length);
    }

    // Ownership of the payload moves here.
    private void Take(Message message)
    {
        var staleness = _pacing.Staleness(message.From, message.Round, _state.Round);
        var now = _clock.Now;
        if (!_intake.Belongs(message) || staleness < 0)
        {
            _clock.Report(message.From, _state.Round, message.Row, Phase.Rejected, now);
            message.Payload?.Dispose();
            return;
        }

        _state.Directory.Delivered(message.Row, message.Round);
        if (!_pacing.Takes(staleness) || _state.Round >= _plan.Rounds)
        {
            _clock.Report(message.From, message.Round, message.Row, Phase.Late, now, staleness);
            message.Payload?.Dispose();
            return;
        }

        _progress = now;
        _clock.Report(message.From, message.Round, message.Row, Phase.Share, now, message.Payload?.Length ?? 0);
        using var share = _intake.Open(message);
        if (share.IsEmpty)
        {
            if (_intake.NotFinite > 0)
            {
                _state.End(RunStatus.Diverged, $"version {_state.Round}: gradient of slot {message.From} is not finite; lower the rate or start from an earlier snapshot");
            }

            return;
        }

        _pacing.Applied(message.From);
        var scale = _pacing.Step / _plan.Source.Samples(_state.Round);
        TensorPrimitives.Multiply(share.Span, (float)scale, _gradient);
        if (_plan.Clip is { } clip && clip.Apply(_gradient, out var norm))
        {
            _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Clip, now, norm);
        }

        _state.Optimizer.Step(_state.Round, _state.Parameters, _gradient);
        _state.LastUsed[message.Row] = message.Round;
        _clock.Report(Slots.Coordinator, _state.Round, message.Row, Phase.Round, now, message.Value * _plan.Workers / _plan.Source.Samples(_state.Round));
        _state.Commit();
    }
}
