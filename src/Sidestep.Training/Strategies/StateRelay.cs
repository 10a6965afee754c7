namespace Sidestep.Training;

/// <summary>The coordinator's part in keeping compressor memory alive: sends requests to holders, serves restored states, gathers all for a snapshot.</summary>
internal sealed class StateRelay(
    INode node, CoordinatorState state, SlotLedger slots, CoordinatorClock clock, Func<MessageLease, CancellationToken, ValueTask> hear)
{
    private static readonly TimeSpan GatherPatience = TimeSpan.FromSeconds(10);

    private readonly List<(int Row, long Round)> _again = [];
    private readonly RunPlan _plan = state.Plan;

    /// <summary>A worker needs the memory of one of its rows before a round.</summary>
    public async ValueTask NeedsAsync(Message request, CancellationToken stop)
    {
        var rows = _plan.Code.Table.Rows;
        if ((uint)request.Row >= (uint)rows.Length || rows[request.Row].Worker != request.From)
        {
            return;
        }

        if (request.Round < 0)
        {
            // It was given the state; what it tells of a start at zero is what really happened.
            state.Directory.Delivered(request.Row, -1);
            if (request.Round == StreamKeeper.StartedAtZero && state.LastUsed[request.Row] >= 0)
            {
                clock.Report(request.From, state.Round, state.Streams[request.Row], Phase.FeedbackReset, clock.Now);
            }

            return;
        }

        await RouteAsync(request.Row, request.Round, stop);
    }

    /// <summary>A slot is gone; requests it was to answer go to others.</summary>
    public async ValueTask LostAsync(int slot, CancellationToken stop)
    {
        _again.Clear();
        state.Directory.Lost(slot, _again);
        foreach (var (row, round) in _again.ToArray())
        {
            await RouteAsync(row, round, stop);
        }
    }

    /// <summary>Collects the memory of every stream as it is before the next round; to be called at a round boundary.</summary>
    /// <returns>False: a holder did not answer in time.</returns>
    public async ValueTask<bool> GatherAsync(CancellationToken stop)
    {
        state.Gathered.Clear();
        if (!ModelMessage.Remembers(_plan))
        {
            return true;
        }

        var wanted = AskHolders();
        foreach (var row in wanted.Values)
        {
            await AskAsync(row, Slots.Coordinator, state.Round, stop);
        }

        var until = clock.Now + GatherPatience;
        while (wanted.Count > 0 && until - clock.Now is { Ticks: > 0 } left)
        {
            const Topic Heard = Topic.State | Topic.NeedState | Topic.Joined | Topic.Lost | Topic.Share | Topic.Done;
            if (await node.ReceiveAsync(new Match(Heard), left, stop) is not { } lease)
            {
                break;
            }

            var message = lease.Message;
            if (message.Topic != Topic.State)
            {
                await hear(lease, stop);
                await AskAgainAsync(wanted, stop);
                continue;
            }

            if (message.Round == state.Round && (uint)message.Row < (uint)_plan.Code.Table.Rows.Length
                && _plan.Code.Table.Rows[message.Row].Worker == message.From && wanted.Remove(state.Streams[message.Row]))
            {
                state.Gathered[state.Streams[message.Row]] = message.Payload?.Span.ToArray() ?? [];
            }

            lease.Dispose();
        }

        foreach (var stream in wanted.Keys)
        {
            clock.Report(Slots.Coordinator, state.Round, stream, Phase.FeedbackReset, clock.Now);
        }

        return wanted.Count == 0;
    }

    // A holder that died in the meantime is replaced by another one, if there is.
    private async ValueTask AskAgainAsync(Dictionary<int, int> wanted, CancellationToken stop)
    {
        foreach (var (stream, row) in wanted.ToArray())
        {
            if (state.Directory.Holds(row))
            {
                continue;
            }

            var other = state.Directory.Holder(stream);
            if (other < 0)
            {
                wanted.Remove(stream);
                clock.Report(Slots.Coordinator, state.Round, stream, Phase.FeedbackReset, clock.Now);
                continue;
            }

            wanted[stream] = other;
            await AskAsync(other, Slots.Coordinator, state.Round, stop);
        }
    }

    private Dictionary<int, int> AskHolders()
    {
        var wanted = new Dictionary<int, int>();
        for (var row = 0; row < _plan.Code.Table.Rows.Length; row++)
        {
            var stream = state.Streams[row];
            if (wanted.ContainsKey(stream))
            {
                continue;
            }

            var holder = state.Directory.Holder(stream);
            if (holder >= 0)
            {
                wanted.Add(stream, holder);
            }
            else if (state.Directory.RestoredRound == state.Round && state.Directory.Restored.TryGetValue(stream, out var bytes))
            {
                state.Gathered[stream] = bytes;
            }
        }

        return wanted;
    }

    private async ValueTask RouteAsync(int row, long round, CancellationToken stop)
    {
        var (source, holder) = state.Directory.Needs(row, round);
        if (source == StreamDirectory.Source.Slot)
        {
            await AskAsync(holder, row, round, stop);
            return;
        }

        var bytes = source == StreamDirectory.Source.Restored ? state.Directory.Restored[state.Streams[row]] : [];
        using var payload = node.Lease(bytes.Length);
        bytes.CopyTo(payload.Span);
        await node.SendAsync(
            new Message { To = _plan.Code.Table.Rows[row].Worker, Topic = Topic.State, Round = round, Row = row, Payload = bytes.Length > 0 ? payload : null },
            stop);
    }

    private ValueTask AskAsync(int holder, int receiver, long round, CancellationToken stop)
    {
        var slot = _plan.Code.Table.Rows[holder].Worker;
        return slots.IsThere(slot)
            ? node.SendAsync(new Message { To = slot, Topic = Topic.NeedState, Round = round, Row = holder, Value = receiver }, stop)
            : default;
    }
}
