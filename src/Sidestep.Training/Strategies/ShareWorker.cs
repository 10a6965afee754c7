using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A worker's program: computes the rows of the newest model and sends each as soon as it is ready.</summary>
/// <remarks>Messages are heard while a row is computed: a computation nobody needs any more (the model was overtaken, the row came from elsewhere) is cancelled
/// and its share not sent, unless a compressor's memory must advance with it. All else waits for the row's end.</remarks>
internal sealed class ShareWorker(INode node, ShareWorkerState state)
{
    private const Topic Topics = Topic.Model | Topic.Ask | Topic.Withdraw | Topic.Stop | Topic.NeedState | Topic.State;
    private const int None = -1;

    // To let a shorter computation end costs less than to cancel it.
    private static readonly TimeSpan WorthCutting = TimeSpan.FromMilliseconds(2);

    private readonly RunPlan _plan = state.Plan;
    private readonly StreamKeeper _keeper = new(node, state);
    private readonly FloatMemory _parameters = new();
    private readonly LeaseWriter _writer = new();
    private readonly HeardMessages _heard = new();
    private CancellationTokenSource _cut = new();
    private bool _isComputing;
    private int _underWay = None;
    private long _begun;
    private TimeSpan _lastTook = TimeSpan.MaxValue;
    private PayloadLease? _model;
    private PayloadLease? _share;
    private ulong _fingerprint;
    private int _queued;
    private long _costLeft;
    private int _row;
    private double _loss;
    private bool _finite;

    // The computation is awaited here and not in a method of its own: awaiting a suspended method allocates, awaiting the node does not.
    public async Task RunAsync(CancellationToken stop)
    {
        var listening = ListenAsync(stop);
        try
        {
            while (true)
            {
                if (_heard.TryTake(out var lease))
                {
                    if (!await HandleAsync(lease, stop))
                    {
                        break;
                    }
                }
                else if (_queued == 0)
                {
                    await _heard.WaitAsync();
                }
                else
                {
                    _share = node.Lease(state.MostShareBytes);
                    (_underWay, _begun, _isComputing) = (state.Work.Upcoming, node.Time.GetTimestamp(), true);
                    try
                    {
                        await node.ComputeAsync(new Work(state.Round, -1, TakeCost()), this, static (self, ct) => self.ComputeRow(ct), _cut.Token);
                    }
                    catch (OperationCanceledException) when (_cut.IsCancellationRequested && !stop.IsCancellationRequested)
                    {
                        _row = None;
                        GiveUp();
                        continue;
                    }
                    finally
                    {
                        _isComputing = false;
                    }

                    _lastTook = node.Time.GetElapsedTime(_begun);
                    await FinishRowAsync(stop);
                }
            }

            // Ended by the same message.
            await listening;
        }
        finally
        {
            _heard.Close();
            DropModel();
            DropShare();
        }
    }

    // Runs beside the program until the run is over: what is heard while a row is computed may end the computation.
    private async Task ListenAsync(CancellationToken stop)
    {
        try
        {
            while (await node.ReceiveAsync(new Match(Topics), Timeout.InfiniteTimeSpan, stop) is { } lease)
            {
                var topic = lease.Message.Topic;
                if (_isComputing && !ModelMessage.Remembers(_plan) && EndsComputation(lease.Message) && IsWorthCutting())
                {
                    _cut.Cancel();
                }

                _heard.Add(lease);
                if (topic == Topic.Stop)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException error)
        {
            _heard.End(error);
        }
    }

    private bool EndsComputation(in Message message) =>
        message.Topic is Topic.Stop or Topic.Model
        || (message.Topic == Topic.Withdraw && message.Value != 0 && message.Round == state.Round && message.Row == _underWay);

    private bool IsWorthCutting() => _lastTook >= WorthCutting || node.Time.GetElapsedTime(_begun) >= WorthCutting;

    private void GiveUp()
    {
        DropShare();
        state.Work.Withdraw(_underWay);
        _queued--;
        _cut.Dispose();
        _cut = new CancellationTokenSource();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> HandleAsync(MessageLease lease, CancellationToken stop)
    {
        var message = lease.Message;
        switch (message.Topic)
        {
            case Topic.Stop:
                lease.Dispose();
                return false;
            case Topic.Model:
                await TakeModelAsync(message, stop);
                return true;
            case Topic.Ask when message.Round == state.Round && _model is not null:
                state.Work.Request(message.Row);
                _queued++;
                _costLeft += _plan.Source.Cost(message.Row, _plan.Code.Table);
                break;
            case Topic.Withdraw when message.Round == state.Round && state.Work.Withdraw(message.Row):
                _queued--;
                _costLeft -= _plan.Source.Cost(message.Row, _plan.Code.Table);
                break;
            case Topic.NeedState:
                await _keeper.GiveAsync(message, stop);
                break;
            case Topic.State:
                if (_model is not null)
                {
                    await _keeper.LoadAsync(message, _model, stop);
                    BeginIfReady();
                }

                break;
        }

        lease.Dispose();
        return true;
    }

    // The lease of the message moves here; its memory is the model until the next one comes.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeModelAsync(Message message, CancellationToken stop)
    {
        DropModel();
        _model = message.Payload!;
        _fingerprint = message.Fingerprint;
        state.Round = message.Round;
        _queued = 0;
        if (await _keeper.ReadyAsync(message.Round, _model, stop))
        {
            Begin();
        }
    }

    private void BeginIfReady()
    {
        if (_model is not null && _queued == 0 && _keeper.IsReady(state.Round) && _keeper.Waiting)
        {
            _keeper.Waiting = false;
            Begin();
        }
    }

    private void Begin()
    {
        state.Work.Begin(state.Round, _parameters.Over(_model!, ModelMessage.PrefixBytes(_plan)));
        var rows = _plan.Code.Table.Rows;
        _queued = 0;
        _costLeft = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Worker == state.Slot && !rows[row].OnRequest)
            {
                _queued++;
                _costLeft += _plan.Source.Cost(row, _plan.Code.Table);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishRowAsync(CancellationToken stop)
    {
        if (_cut.IsCancellationRequested)
        {
            _cut.Dispose();
            _cut = new CancellationTokenSource();
        }

        if (_row < 0)
        {
            _queued = 0;
            DropShare();
            return;
        }

        _queued--;
        if (ModelMessage.Remembers(_plan))
        {
            await _keeper.WroteAsync(_row, state.Round, stop);
        }
        else if (_heard.Holds(Topic.Model) || _heard.Holds(Topic.Withdraw, _row, 1))
        {
            DropShare();
            return;
        }

        await SendAsync(stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken stop)
    {
        await node.SendAsync(
            new Message
            {
                To = Slots.Coordinator,
                Topic = _finite ? Topic.Share : Topic.Done,
                Round = state.Round,
                Row = _row,
                Codec = _plan.Uplink?.CodecId ?? 0,
                Fingerprint = _fingerprint,
                Value = _loss,
                Payload = _finite ? _share : null,
            },
            stop);
        DropShare();
    }

    // Where the source does not say which row comes next, the queued rows share their cost evenly.
    private long TakeCost()
    {
        var cost = _underWay >= 0 ? _plan.Source.Cost(_underWay, _plan.Code.Table) : _costLeft / _queued;
        _costLeft -= cost;
        return cost;
    }

    private void DropModel()
    {
        _model?.Dispose();
        _model = null;
    }

    private void DropShare()
    {
        _share?.Dispose();
        _share = null;
    }

    // On the compute lane.
    private void ComputeRow(CancellationToken stop)
    {
        _finite = true;
        if (!state.Work.Next(out _row, stop))
        {
            _row = -1;
            return;
        }

        var length = state.Lengths[_row];
        if (state.WriterOf(_row) is not { } stream)
        {
            _share!.Shorten(length * sizeof(float));
            _loss = state.Work.Write(_row, MemoryMarshal.Cast<byte, float>(_share.Span));
            return;
        }

        _loss = state.Work.Write(_row, state.Scratch.AsSpan(0, length));
        try
        {
            stream.Write(state.Round, state.Scratch.AsSpan(0, length), _writer.Over(_share!));
            _share!.Shorten(_writer.Written);
        }
        catch (NonFiniteException)
        {
            // Divergence is decided once, at the coordinator.
            _finite = false;
        }
    }
}
