using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sidestep.Runtime.Tests.Nodes;

namespace Sidestep.Runtime.Tests.Tcp;

/// <summary>An inbox that keeps what comes until it is taken.</summary>
internal sealed class KeptInbox : IInbox
{
    private readonly BlockingCollection<Message> _messages = [];

    /// <summary>What the transport is told of bytes not yet taken.</summary>
    public long Pending { get; set; }

    public int Count => _messages.Count;

    public void Deliver(in Message message) => _messages.Add(message);

    public long PendingBytes(int from) => Pending;

    public Message Take(Topic topic, double seconds = 10)
    {
        var message = TakeAny(seconds);
        Assert.Equal(topic, message.Topic);
        return message;
    }

    public Message TakeAny(double seconds = 10)
    {
        Assert.True(_messages.TryTake(out var message, TimeSpan.FromSeconds(seconds)), $"no message came within {seconds} s");
        return message;
    }
}

/// <summary>A coordinator's transport and workers' transports in this process, over real sockets.</summary>
internal sealed class Net : IAsyncDisposable
{
    public static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly List<TcpTransport> _all = [];
    private readonly RelayInbox _relay;

    public Net(int workers = 2, IPayloadLimits? limits = null, long queueBytes = 128L << 20, bool capture = true)
    {
        (Workers, Limits, QueueBytes) = (workers, limits ?? new AnyLength(), queueBytes);
        Coordinator = Create(Slots.Coordinator, capture: capture);
        Coordinator.Rejected = (slot, code) => Rejected.Enqueue((slot, code));
        _relay = new RelayInbox { To = Inbox };
        Coordinator.Start(_relay);
    }

    public int Workers { get; }

    public IPayloadLimits Limits { get; }

    public long QueueBytes { get; }

    public TcpTransport Coordinator { get; }

    public KeptInbox Inbox { get; } = new();

    public ConcurrentQueue<(int Slot, RejectCode Code)> Rejected { get; } = new();

    public ConcurrentQueue<CapturedFrame> Frames { get; } = new();

    /// <summary>From now on the coordinator delivers there.</summary>
    public void Redirect(IInbox inbox) => _relay.To = inbox;

    public TcpTransport Create(int id, byte[]? secret = null, string spec = "spec", string numeric = "numbers", bool capture = true)
    {
        var transport = new TcpTransport(new TcpTransportOptions
        {
            Id = id,
            Workers = Workers,
            Secret = secret ?? Secret,
            SpecHash = spec,
            NumericClass = numeric,
            Limits = Limits,
            QueueBytes = QueueBytes,
            Capture = id == Slots.Coordinator && capture ? Frames.Enqueue : null,
        });
        _all.Add(transport);
        return transport;
    }

    /// <summary>A worker that has joined; its coming is taken from the coordinator's inbox.</summary>
    public (TcpTransport Transport, KeptInbox Inbox) Join(int slot)
    {
        var (transport, inbox) = (Create(slot), new KeptInbox());
        transport.Connect(Coordinator.EndPoint);
        transport.Start(inbox);
        Assert.Equal(slot, Inbox.Take(Topic.Joined).From);
        return (transport, inbox);
    }

    /// <summary>A bare socket that has done the handshake of a slot, for sending what no worker would send.</summary>
    public (Socket Socket, ulong Job) JoinBare(int slot)
    {
        var socket = Dial();
        var identity = new Identity(Secret, "spec", "numbers");
        Handshake.Dial(socket, identity, slot, Slots.Coordinator, 0);
        Assert.Equal(slot, Inbox.Take(Topic.Joined).From);
        return (socket, identity.Job);
    }

    public Socket Dial()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Coordinator.EndPoint.Port));
        return socket;
    }

    public RejectCode NextRejection()
    {
        var clock = Stopwatch.StartNew();
        (int Slot, RejectCode Code) rejected;
        while (!Rejected.TryDequeue(out rejected))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "nothing was refused within 10 s");
            Thread.Sleep(1);
        }

        return rejected.Code;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in Enumerable.Reverse(_all))
        {
            await transport.DisposeAsync();
        }
    }

    private sealed class RelayInbox : IInbox
    {
        public required IInbox To { get; set; }

        public void Deliver(in Message message) => To.Deliver(message);

        public long PendingBytes(int from) => To.PendingBytes(from);
    }
}
