namespace Sidestep.Runtime.Tests.Tcp;

[Collection("alone")]
public sealed class TcpAllocationTests
{
    private const int Warm = 300, Trips = 2_000, MostBytesPerTrip = 64;

    /// <summary>The sending thread and the reading threads of both ends together, small frames and large ones.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public async Task Round_trip_once_warm_allocates_next_to_nothing(int length)
    {
        await using var net = new Net(1, capture: false);
        var inbox = new LastInbox();
        var worker = net.Create(0);
        worker.Connect(net.Coordinator.EndPoint);
        var echo = new EchoInbox(worker);
        worker.Start(echo);
        Assert.Equal(0, net.Inbox.Take(Topic.Joined).From);
        net.Redirect(inbox);
        var before = 0L;
        for (var i = 0; i < Warm + Trips; i++)
        {
            before = i == Warm ? Allocated() : before;
            using (var payload = net.Coordinator.Pool.Lease(length))
            {
                var sending = net.Coordinator.SendAsync(new Message { To = 0, From = Slots.Coordinator, Topic = Topic.Mix, Round = i, Payload = payload }, default);
                if (!sending.IsCompletedSuccessfully)
                {
                    Assert.Fail($"the sender waited in round {i}");
                }
            }

            inbox.Wait(i);
        }

        var each = (Allocated() - before) / Trips;
        Assert.True(each <= MostBytesPerTrip, $"{each} bytes allocated per round trip; at most {MostBytesPerTrip} are allowed");

        // Without what the pools hold: whether a lease is back before the next is taken depends on the threads, and pools keep what they have.
        long Allocated() =>
            GC.GetAllocatedBytesForCurrentThread() + echo.Allocated + inbox.Allocated - net.Coordinator.Pool.BytesHeld - worker.Pool.BytesHeld;
    }

    /// <summary>Sends what comes back, from the reading thread.</summary>
    private sealed class EchoInbox(TcpTransport transport) : IInbox
    {
        public long Allocated { get; private set; }

        public void Deliver(in Message message)
        {
            Allocated = GC.GetAllocatedBytesForCurrentThread();
            _ = transport.SendAsync(message with { To = Slots.Coordinator, From = 0 }, default);
            message.Payload?.Dispose();
        }

        public long PendingBytes(int from) => 0;
    }

    private sealed class LastInbox : IInbox
    {
        private readonly SemaphoreSlim _came = new(0);
        private long _round;

        public long Allocated { get; private set; }

        public void Deliver(in Message message)
        {
            Allocated = GC.GetAllocatedBytesForCurrentThread();
            _round = message.Round;
            message.Payload?.Dispose();
            _came.Release();
        }

        public void Wait(long round)
        {
            // Assertions allocate, so there is none in the loop that is measured.
            if (!_came.Wait(TimeSpan.FromSeconds(10)) || _round != round)
            {
                Assert.Fail($"after round {round} came {_round}");
            }
        }

        public long PendingBytes(int from) => 0;
    }
}
