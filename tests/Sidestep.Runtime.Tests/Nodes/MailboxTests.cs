using FsCheck.Xunit;

namespace Sidestep.Runtime.Tests.Nodes;

public sealed class MailboxTests
{
    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly List<int> _released = [];
    private readonly PendingBytes _pending;
    private readonly Mailbox _mailbox;
    private int _wakes;

    public MailboxTests()
    {
        _pending = new PendingBytes(_released.Add);
        _mailbox = new Mailbox(_time, _pending, () => _wakes++);
    }

    [Fact]
    public void Receive_several_match_takes_oldest()
    {
        Deliver(Topic.Share, round: 2, from: 1);
        Deliver(Topic.Share, round: 1, from: 0);
        Assert.Equal(2, Take(new Match(Topic.Share | Topic.Mix))!.Value.Round);
        Assert.Equal(1, Take(new Match(Topic.Share, -1, From: 0))!.Value.Round);
        Assert.Null(Take(new Match(Topic.Share)));
    }

    [Fact]
    public void Receive_with_round_drops_older_of_matching_senders_only()
    {
        Deliver(Topic.Share, round: 1, from: 0, bytes: 10);
        Deliver(Topic.Share, round: 1, from: 1, bytes: 10);
        Deliver(Topic.Mix, round: 1, from: 0, bytes: 10);
        Assert.Null(Take(new Match(Topic.Share, 3, From: 0)));
        Assert.Equal(2, _mailbox.Count);
        Assert.Equal(0 + 10, _pending[0]);
        Assert.Equal(2, _pool.Outstanding);
    }

    [Fact]
    public async Task Deliver_older_than_a_waiting_receive_is_dropped()
    {
        var waiting = _mailbox.ReceiveAsync(new Match(Topic.Share, 5), 0, Timeout.InfiniteTimeSpan, default);
        Deliver(Topic.Share, round: 4, from: 0, bytes: 10);
        Assert.Equal(0, _pool.Outstanding);
        Deliver(Topic.Share, round: 6, from: 0, bytes: 10);
        Assert.False(waiting.IsCompleted);
        Deliver(Topic.Share, round: 5, from: 0, bytes: 10);
        Assert.Equal(5, (await waiting)!.Value.Message.Round);
        Assert.Equal(1, _mailbox.Count);
    }

    [Fact]
    public void Deliver_loss_is_taken_by_receive_of_any_round()
    {
        Deliver(Topic.Lost, round: 0, from: 2);
        Assert.Equal(Topic.Lost, Take(new Match(Topic.Share | Topic.Lost, 9))!.Value.Topic);
    }

    [Fact]
    public void Deliver_newer_model_replaces_held_one_of_the_same_sender_and_channel()
    {
        Deliver(Topic.Model, round: 1, from: -1, bytes: 10);
        Deliver(Topic.Share, round: 1, from: 0);
        Deliver(Topic.Model, round: 7, from: 3, bytes: 10);
        Deliver(Topic.Model, round: 2, from: -1, bytes: 10);
        Assert.Equal(3, _mailbox.Count);
        Assert.Equal(2, _pool.Outstanding);
        Assert.Equal(2, Take(new Match(Topic.Model, -1, From: -1))!.Value.Round);
    }

    [Fact]
    public void Deliver_continues_the_waiting_receive_before_it_returns()
    {
        var got = -1L;
        Receive();
        Deliver(Topic.Mix, round: 8, from: 0);
        Assert.Equal(8, got);

        async void Receive() =>
            got = (await _mailbox.ReceiveAsync(new Match(Topic.Mix), 0, Timeout.InfiniteTimeSpan, default))!.Value.Message.Round;
    }

    [Fact]
    public async Task Receive_times_out_at_its_deadline_and_not_before()
    {
        var first = _mailbox.ReceiveAsync(new Match(Topic.Mix), 0, TimeSpan.FromMilliseconds(50), default);
        var second = _mailbox.ReceiveAsync(new Match(Topic.Share), 0, TimeSpan.FromMilliseconds(20), default);
        Advance(19);
        Assert.False(second.IsCompleted);
        Advance(1);
        Assert.Null(await second);
        Assert.False(first.IsCompleted);
        Advance(30);
        Assert.Null(await first);
        Assert.Equal(1, _time.TimersCreated);
    }

    [Fact]
    public async Task Receive_cancelled_wakes_the_owner_who_sweeps()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _mailbox.ReceiveAsync(new Match(Topic.Mix), 0, Timeout.InfiniteTimeSpan, cancel.Token);
        cancel.Cancel();
        Assert.Equal(1, _wakes);
        Assert.False(waiting.IsCompleted);
        _mailbox.Sweep();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task Close_gives_everything_back_and_cancels_receives()
    {
        var waiting = _mailbox.ReceiveAsync(new Match(Topic.Mix), 0, Timeout.InfiniteTimeSpan, default);
        Deliver(Topic.Share, round: 1, from: 4, bytes: 100);
        _mailbox.Close();
        Deliver(Topic.Share, round: 2, from: 4, bytes: 100);
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pending[4]);
        Assert.Equal([4, 4], _released);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await _mailbox.ReceiveAsync(new Match(Topic.Mix), 0, TimeSpan.Zero, default));
    }

    [Property]
    public void Receive_order_equals_a_list_searched_from_the_front(byte[] script)
    {
        var model = new List<(int From, long Round)>();
        var pending = new PendingBytes();
        var mailbox = new Mailbox(_time, pending, () => { });
        foreach (var step in script)
        {
            var (from, round) = (step & 3, (step >> 2) & 3);
            if ((step & 0x30) != 0)
            {
                model.Add((from, round));
                mailbox.Deliver(new Message { From = from, Topic = Topic.Share, Round = round });
                continue;
            }

            var wanted = (step & 0x40) != 0 ? round : -1;
            model.RemoveAll(m => m.From == from && m.Round < wanted);
            var at = model.FindIndex(m => m.From == from && (wanted < 0 || m.Round == wanted));
            var got = mailbox.ReceiveAsync(new Match(Topic.Share, wanted, from), 0, TimeSpan.Zero, default).Result;
            Assert.Equal(at < 0 ? null : model[at].Round, got?.Message.Round);
            if (at >= 0)
            {
                model.RemoveAt(at);
            }

            Assert.Equal(model.Count, mailbox.Count);
        }
    }

    private void Deliver(Topic topic, long round, int from, int bytes = 0)
    {
        var message = new Message
        {
            From = from,
            Topic = topic,
            Round = round,
            Payload = bytes == 0 ? null : _pool.Lease(bytes),
        };
        _pending.Add(message);
        _mailbox.Deliver(message);
    }

    private Message? Take(Match match) => _mailbox.ReceiveAsync(match, 0, TimeSpan.Zero, default).Result?.Message;

    private void Advance(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        if (_wakes > 0)
        {
            _wakes = 0;
            _mailbox.Sweep();
        }
    }

    // One timer at a time is all a mailbox needs.
    private sealed class ManualTime : TimeProvider
    {
        private long _now;
        private Timer? _timer;

        public int TimersCreated { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            TimersCreated++;
            _timer = new Timer(this, () => callback(state));
            _timer.Change(dueTime, period);
            return _timer;
        }

        public void Advance(TimeSpan by)
        {
            _now += by.Ticks;
            _timer?.Tick();
        }

        private sealed class Timer(ManualTime time, Action fire) : ITimer
        {
            private long _due = long.MaxValue;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = time._now + dueTime.Ticks;
                return true;
            }

            public void Tick()
            {
                if (time._now >= _due)
                {
                    _due = long.MaxValue;
                    fire();
                }
            }

            public void Dispose() => _due = long.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
