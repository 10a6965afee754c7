using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The coordinator's program of <see cref="CodedDescent"/>.</summary>
internal sealed class CodedCoordinator
{
    private const Topic Heard = Topic.Share | Topic.Done | Topic.Joined | Topic.Lost | Topic.NeedState | Topic.State;

    // How often a waiting coordinator looks at the drain token and the quorum clock.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(30);

    private readonly INode _node;
    private readonly CoordinatorState _state;
    private readonly RunPlan _plan;
    private readonly CoordinatorClock _clock;
    private readonly SlotLedger _slots;
    private readonly ShareIntake _intake;
    private readonly StateRelay _relay;
    private readonly RoundDecoder _decoder;
    private readonly LatenessRule _lateness;
    private readonly int _parts;
    private readonly bool[] _came;
    private readonly DurableStreams? _streams;
    private readonly BlockScales? _scales;
    private PayloadLease? _model;
    private ulong _fingerprint;
    private TimeSpan _began;
    private TimeSpan _progress;
    private TimeSpan _told;
    private int _shares;
    private TimeSpan _durableBy;

    public CodedCoordinator(INode node, CoordinatorState state)
    {
        _node = node;
        _state = state;
        _plan = state.Plan;
        _clock = new CoordinatorClock(node);
        _slots = new SlotLedger(_plan.Code.Table);
        _intake = new ShareIntake(node, _plan);
        _relay = new StateRelay(node, state, _slots, _clock, HearAsync);
        _lateness = new LatenessRule(_plan.Workers);
        _decoder = new RoundDecoder(node, _plan, _clock, _slots, _lateness);
        _parts = Math.Max(1, _plan.Code.Table.Partitions / _plan.Workers);
        _scales = BlockScales.Of(_plan);
        _came = new bool[_plan.Code.Table.Rows.Length];
        _streams = ModelMessage.Remembers(_plan) ? new DurableStreams(_plan.Code.Table, state.Streams, _slots) : null;
    }

    // The loop of a round stands here and not in a method of its own: awaiting a suspended method allocates, awaiting the node does not.
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await GatherAsync(stop);
            while (_state.Status == RunStatus.Running && _state.Round < _plan.Rounds)
            {
                await BeginAsync(stop);
                while (_state.Status == RunStatus.Running && !(Satisfied() && IsDurable()))
                {
                    if (await _node.ReceiveAsync(new Match(Heard), Wait(), stop) is { } lease)
                    {
                        await HearAsync(lease, stop);
                    }
                    else
                    {
                        RunEnding.Glance(_state, _clock, _slots, _progress, ref _told);
                    }

                    await _decoder.JudgeAsync(stop);
                }

                EndRound();
                await RunEnding.AtBoundaryAsync(_node, _state, _clock, _relay, stop);
            }

            await RunEnding.FinishAsync(_node, _state, _clock, _relay, _slots, stop);
        }
        finally
        {
            DropModel();

            _decoder.Drop();
        }
    }

    // The first round is not started on the first slot's back: all get the time that processes need to start.
    private async Task GatherAsync(CancellationToken stop)
    {
        while (_slots.There < _plan.Workers && _clock.Now < StartGrace && !_plan.Drain.IsCancellationRequested)
        {
            if (await _node.ReceiveAsync(new Match(Topic.Joined | Topic.Lost), Glance, stop) is { } lease)
            {
                await HearAsync(lease, stop);
            }
        }
    }

    private void EndRound()
    {
        DropModel();
        if (_state.Status == RunStatus.Running)
        {
            Commit();
        }
    }

    private void DropModel()
    {
        _model?.Dispose();
        _model = null;
    }

    private bool Satisfied() => _decoder.Residual <= _plan.Code.Patience.Residual || _shares >= _plan.Code.Patience.Shares || _slots.Complete >= _plan.Code.Patience.Slots;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask BeginAsync(CancellationToken stop)
    {
        _began = _progress = _clock.Now;
        _told = _began;
        _shares = 0;
        _durableBy = TimeSpan.MaxValue;
        Array.Clear(_came);
        _slots.BeginRound();
        _intake.Begin();
        _fingerprint = Checksum.Fingerprint(MemoryMarshal.AsBytes<float>(_state.Parameters));
        _model = ModelMessage.Write(_node, _plan, _state.Parameters, _state.LastUsed);
        for (var slot = 0; slot < _slots.Count; slot++)
        {
            if (_slots.IsThere(slot))
            {
                await SendModelAsync(slot, stop);
            }
        }

        await _decoder.BeginAsync(_state.Round, stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendModelAsync(int slot, CancellationToken stop)
    {
        _slots.Sent(slot, _state.Round, _clock.Now);
        _decoder.Given(slot);
        await _node.SendAsync(
            new Message { To = slot, Topic = Topic.Model, Round = _state.Round, Row = -1, Fingerprint = _fingerprint, Payload = _model },
            stop);
        _clock.Report(slot, _state.Round, -1, Phase.Model, _clock.Now, _model?.Length ?? 0);
    }

    // A round's end waits, for as long as a slot may take without being late, until compressor memory is safe.
    private bool IsDurable()
    {
        if (_streams is null)
        {
            return true;
        }

        var now = _clock.Now;
        _durableBy = _durableBy == TimeSpan.MaxValue ? now + (_lateness.After == Timeout.InfiniteTimeSpan ? Glance : _lateness.After) : _durableBy;
        if (now >= _durableBy)
        {
            return true;
        }

        return _streams.AreSafe(_came);
    }

    private TimeSpan Wait()
    {
        if (_durableBy != TimeSpan.MaxValue)
        {
            var rest = _durableBy - _clock.Now;
            return rest <= TimeSpan.Zero ? TimeSpan.Zero : rest < Glance ? rest : Glance;
        }

        if (_decoder.JudgeAt == TimeSpan.MaxValue)
        {
            return Glance;
        }

        var left = _decoder.JudgeAt - _clock.Now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Glance ? left : Glance;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HearAsync(MessageLease lease, CancellationToken stop)
    {
        var message = lease.Message;
        switch (message.Topic)
        {
            case Topic.Share:
            case Topic.Done:
                await TakeShareAsync(message, stop);
                return;
            case Topic.Joined:
                _slots.Joined(message.From);
                _state.Directory.Joined(message.From, _state.Round);
                _progress = _clock.Now;
                _clock.Report(message.From, _state.Round, -1, Phase.Joined, _clock.Now, _state.Round);
                if (_model is not null)
                {
                    await SendModelAsync(message.From, stop);
                    await _decoder.TellAsync(message.From, false, stop);
                }

                break;
            case Topic.Lost:
                _slots.Lost(message.From);
                _clock.Report(message.From, _state.Round, -1, Phase.Lost, _clock.Now);
                if (_model is not null)
                {
                    await _decoder.TellAsync(message.From, true, stop);
                }

                await _relay.LostAsync(message.From, stop);
                break;
            case Topic.NeedState:
                await _relay.NeedsAsync(message, stop);
                break;
        }

        lease.Dispose();
    }

    // Ownership of the message's payload moves here.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeShareAsync(Message message, CancellationToken stop)
    {
        var slot = message.From;
        if (!_intake.Belongs(message))
        {
            _clock.Report(slot, _state.Round, message.Row, Phase.Rejected, _clock.Now);
            message.Payload?.Dispose();
            return;
        }

        _state.Directory.Delivered(message.Row, message.Round);
        var now = _clock.Now;
        var took = _slots.Since(slot, message.Round, now);
        var bytes = message.Payload?.Length ?? 0;
        _slots.Late[slot] &= took >= _lateness.After;

        if (message.Round != _state.Round || message.Fingerprint != _fingerprint || _model is null)
        {
            _clock.Report(slot, message.Round, message.Row, Phase.Late, now, bytes);
            message.Payload?.Dispose();
            return;
        }

        if (_slots.Answered(message.Row, slot, now) && took != TimeSpan.MaxValue)
        {
            // Of many small partitions the first comes early; a slot is late when it is late with its whole part.
            _lateness.Arrived(_parts * took);
        }

        _progress = now;
        var share = _intake.Open(message);
        if (!share.IsEmpty && !_came[message.Row])
        {
            _shares++;
            _slots.Came(message.Row, slot);
        }

        _came[message.Row] = true;
        _clock.Report(slot, message.Round, message.Row, share.IsEmpty ? Phase.Rejected : Phase.Share, now, bytes);
        await _decoder.OfferAsync(message.Row, share, stop);
        JudgeDivergence(slot, message.Row, share.IsEmpty);
    }

    // A row that is over does not come again: without enough others the round cannot end. Where others can be asked for it, their answer is the proof.
    private void JudgeDivergence(int slot, int row, bool isOver)
    {
        if (_intake.NotFinite > _plan.Code.Guarantee.Stragglers || (_intake.NotFinite > 0 && isOver && _plan.Code.Table.Rows[row].OnRequest))
        {
            _state.End(RunStatus.Diverged, $"round {_state.Round}: gradient of slot {slot} is not finite; lower the rate or start from an earlier snapshot");
        }
        else if (_intake.Damaged > _plan.Code.Guarantee.Stragglers)
        {
            _state.End(RunStatus.Diverged, $"round {_state.Round}: {_intake.Damaged} shares, the last of slot {slot}, cannot be read, and code {_plan.Code.Name} tolerates {_plan.Code.Guarantee.Stragglers} missing slots");
        }
    }

    private void Commit()
    {
        var start = _clock.Now;
        var gradient = _decoder.Gradient;
        var samples = _plan.Source.Samples(_state.Round);
        var loss = _decoder.Finish(_intake.Losses) / samples;
        TensorPrimitives.Multiply(gradient, 1f / samples, gradient);
        for (var row = 0; _streams is not null && row < _state.LastUsed.Length; row++)
        {
            _state.LastUsed[row] = _decoder.Used(row) ? _state.Round : _state.LastUsed[row];
        }

        var decoded = _clock.Now;
        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Decode, start, _decoder.Residual);
        if (!double.IsFinite(loss) || !FiniteScan.AllFinite(gradient))
        {
            _state.End(RunStatus.Diverged, $"round {_state.Round}: the loss is {loss} or its gradient is not finite; lower the rate or start from an earlier snapshot");
            return;
        }

        if (_scales is not null && _scales.Look(_decoder.Residual, gradient, out var uneven))
        {
            _clock.Report(Slots.Coordinator, _state.Round, uneven.Row, Phase.Uneven, decoded, uneven.Ratio, uneven.Blocks);
        }

        if (_plan.Clip is { } clip && clip.Apply(gradient, out var norm))
        {
            _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Clip, decoded, norm);
        }

        _state.Optimizer.Step(_state.Round, _state.Parameters, gradient);
        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Step, decoded);
        _lateness.EndRound(_slots.There);
        _clock.Report(Slots.Coordinator, _state.Round, -1, Phase.Round, _began, loss);
        _state.Commit();
    }
}
