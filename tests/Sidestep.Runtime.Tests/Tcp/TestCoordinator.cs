using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sidestep.Runtime.Tests.Tcp;

/// <summary>A coordinator's transport whose messages a test reads; its workers send every model back as a share.</summary>
internal sealed class TestCoordinator : IInbox, IAsyncDisposable
{
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
    private readonly CancellationTokenSource _ending = new();
    private readonly int _workers;

    public TestCoordinator(int workers, Action<CapturedFrame>? capture = null)
    {
        _workers = workers;
        Transport = new TcpTransport(new TcpTransportOptions
        {
            Id = Slots.Coordinator,
            Workers = workers,
            Secret = Secret,
            SpecHash = "0123456789abcdef-this-run",
            NumericClass = "managed-1",
            Limits = new Nodes.AnyLength(),
            Capture = capture,
        })
        {
            Rejected = (slot, code) => Rejected.Enqueue((slot, code)),
        };
        Transport.Start(this);
    }

    public TcpTransport Transport { get; }

    public ConcurrentQueue<(int Slot, RejectCode Code)> Rejected { get; } = new();

    public void Deliver(in Message message) => _messages.Writer.TryWrite(message);

    public long PendingBytes(int from) => 0;

    /// <summary>A worker on this thread pool, as its process would run it.</summary>
    public Task<int> Worker(
        int slot, byte[]? secret = null, string spec = "0123456789abcdef-this-run", string numeric = "managed-1", System.Net.IPEndPoint? at = null,
        CancellationToken stop = default)
    {
        var options = new TcpWorkerOptions
        {
            Coordinator = at ?? Transport.EndPoint,
            Slot = slot,
            Workers = _workers,
            Secret = secret ?? Secret,
            SpecHash = spec,
            NumericClass = numeric,
            Limits = new Nodes.AnyLength(),
            Node = new LiveNodeOptions { Seed = 1 },
        };
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _ending.Token);
        return Task.Run(() => TcpWorker.RunAsync(options, Echo, ending.Token), CancellationToken.None);
    }

    /// <summary>The next message; it must be of the topic.</summary>
    public async Task<Message> Next(Topic topic)
    {
        using var late = new CancellationTokenSource(Patience);
        var message = await _messages.Reader.ReadAsync(late.Token);
        Assert.Equal(topic, message.Topic);
        return message;
    }

    /// <summary>A worker that has joined.</summary>
    public async Task<Task<int>> Joined(int slot, System.Net.IPEndPoint? at = null, CancellationToken stop = default)
    {
        var worker = Worker(slot, at: at, stop: stop);
        Assert.Equal(slot, (await Next(Topic.Joined)).From);
        return worker;
    }

    /// <summary>A model to the slot and its share back, with nothing between: the slot's session was not disturbed.</summary>
    public async Task Trip(int slot, long round, int bytes = 100)
    {
        await Send(slot, round, bytes);
        var share = await Next(Topic.Share);
        Assert.Equal((slot, round, bytes), (share.From, share.Round, share.Payload!.Length));
        share.Payload.Dispose();
    }

    public async Task Send(int slot, long round, int bytes = 100)
    {
        using var payload = Transport.Pool.Lease(bytes);
        payload.Span.Fill((byte)round);
        await Transport.SendAsync(new Message { From = Slots.Coordinator, To = slot, Topic = Topic.Model, Round = round, Row = -1, Payload = payload }, default);
    }

    /// <summary>A bare connection to the coordinator.</summary>
    public Socket Raw()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(Transport.EndPoint);
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return socket;
    }

    public async Task IsRejected(int slot, RejectCode code)
    {
        for (var waited = 0; Rejected.IsEmpty && waited < Patience.TotalMilliseconds; waited += 10)
        {
            await Task.Delay(10);
        }

        Assert.Equal((slot, code), Assert.Single(Rejected));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Transport.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => Transport.Pool.Outstanding == 0, Patience));
    }

    private static async Task Echo(INode node, CancellationToken stop)
    {
        while (true)
        {
            using var got = (await node.ReceiveAsync(new Match(Topic.Model), Timeout.InfiniteTimeSpan, stop))!.Value;
            await node.SendAsync(got.Message with { To = Slots.Coordinator, Topic = Topic.Share }, stop);
        }
    }
}
