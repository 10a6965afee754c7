using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>The coordinator's program of <see cref="AsyncDescent"/>: whoever is idle is given a version, whatever comes goes to the policy's versions.</summary>
internal sealed class AsyncCoordinator
{
    private const Topic Heard = Topic.Share | Topic.Done | Topic.Joined | Topic.Lost;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly SlotLedger _slots;
    private readonly StateRelay _relay;
    private readonly IVersions _versions;
    private TimeSpan _progress;
    private TimeSpan _told;

    public AsyncCoordinator(INode node, CoordinatorState state, AsyncDescent strategy)
    {
        (_node, _state, _plan) = (node, state, state.Plan);
        _clock = new CoordinatorClock(node);
        _slots = new SlotLedger(_plan.Code.Table);
        _relay = new StateRelay(node, state, _slots, _clock, HearAsync);
        _versions = strategy.Policy == AsyncPolicy.Round
            ? new RoundVersions(node, state, _clock, strategy)
            : new ImmediateVersions(node, state, _clock, strategy);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (_state.Status == RunStatus.Running && _state.Round < _plan.Rounds)
            {
                if (await _node.ReceiveAsync(new Match(Heard), Wait(), stop) is { } lease)
                {
                    await HearAsync(lease, stop);
                }
                else
                {
                    RunEnding.Glance(_state, _clock, _slots, _progress, ref _told);
                }

                // Workers go on while the coordinator evaluates.
                while (_state.Status == RunStatus.Running && _versions.Advance(_clock.Now))
                {
                    await GoOnAsync(stop);
                    await RunEnding.AtBoundaryAsync(_node, _state, _clock, _relay, stop);
                }

                await GoOnAsync(stop);
            }

            _versions.Close();
            await RunEnding.FinishAsync(_node, _state, _clock, _relay, _slots, stop);
        }
        finally
        {
            _versions.Dispose();
        }
    }

    private TimeSpan Wait()
    {
        if (_versions.Due == TimeSpan.MaxValue)
        {
            return Glance;
        }

        var left = _versions.Due - _clock.Now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Glance ? left : Glance;
    }

    private ValueTask HearAsync(MessageLease lease, CancellationToken stop)
    {
        var message = lease.Message;
        switch (message.Topic)
        {
            case Topic.Share:
            case Topic.Done:
                _progress = _versions.Take(message, _clock.Now) ? _clock.Now : _progress;
                return default;
            case Topic.Joined:
                _slots.Joined(message.From);
                _versions.Joined(message.From);
                _progress = _clock.Now;
                _clock.Report(message.From, _state.Round, -1, Phase.Joined, _clock.Now, _state.Round);
                break;
            case Topic.Lost:
                _slots.Lost(message.From);
                _versions.Lost(message.From);
                _clock.Report(message.From, _state.Round, -1, Phase.Lost, _clock.Now);
                break;
        }

        lease.Dispose();
        return default;
    }

    // Whoever is idle, or works on what is over, is given a version if there is one for it.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GoOnAsync(CancellationToken stop)
    {
        for (var slot = 0; slot < _slots.Count && _state.Status == RunStatus.Running && _state.Round < _plan.Rounds; slot++)
        {
            if (_slots.IsThere(slot) && _versions.TryNext(slot, _clock.Now, out var model))
            {
                await _node.SendAsync(
                    new Message { To = slot, Topic = Topic.Model, Round = model.Label, Row = -1, Fingerprint = model.Fingerprint, Payload = model.Payload },
                    stop);
                _clock.Report(slot, model.Label, -1, Phase.Model, _clock.Now, model.Payload.Length);
            }
        }

        for (var i = 0; i < _versions.Outgoing.Count; i++)
        {
            var message = _versions.Outgoing[i];
            if (message.Topic == Topic.Ask)
            {
                _clock.Report(message.To, message.Round, message.Row, Phase.Ask, _clock.Now);
            }

            await _node.SendAsync(message, stop);
        }

        _versions.Outgoing.Clear();
    }
}
