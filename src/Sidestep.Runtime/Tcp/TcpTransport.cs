using System.Net;
using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>Messages over plain sockets on this machine: workers dial the coordinator, and one another when a mixer or a state transfer needs it.</summary>
/// <remarks>Every connection is authenticated by the per-run secret; a slot is bound to its session, never read from a payload. A silent peer is dead after
/// 10 s, a closed connection at once; any frame counts as life. Allocates nothing per frame once warm.</remarks>
public sealed class TcpTransport : ITransport, ILinkOwner
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(10);

    // Beats further apart than this: it was this process that stood still, and its peers are not to blame for the silence.
    private static readonly TimeSpan StallFrom = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FinishPatience = TimeSpan.FromSeconds(2);

    private const long MostInboxBytes = 256L << 20;

    private readonly TcpTransportOptions _options;
    private readonly Identity _identity;
    private readonly TcpListening _listening;
    private readonly object _gate = new();
    private readonly TcpLink?[] _links;
    private readonly Roster _roster;
    private readonly List<TcpLink> _incoming = [];
    private readonly PeerDialler _dialler;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _coordinatorGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpLink? _coordinator;
    private IInbox? _inbox;
    private long _sessions;
    private long _beats;
    private long _lastBeat;
    private long _payloadSent, _payloadReceived, _frameSent, _frameReceived;
    private bool _disposed;

    /// <summary>Binds a listener; a worker dials with <see cref="Connect"/>.</summary>
    /// <param name="options">What it needs.</param>
    /// <exception cref="OperatingSystemException">The port cannot be had.</exception>
    public TcpTransport(TcpTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _identity = new Identity(options.Secret, options.SpecHash, options.NumericClass);
        _links = new TcpLink?[options.Workers];
        _roster = new Roster(options.Workers);
        _lastBeat = options.Time.GetTimestamp();
        _start = options.StartTimestamp ?? _lastBeat;
        _listening = new TcpListening(options.Port, Answer);
        _dialler = new PeerDialler(options.Id, _identity, slot => _roster[slot], Open);
        _timer = options.Time.CreateTimer(_ => Beat(), null, BeatEvery, BeatEvery);
    }

    /// <inheritdoc/>
    public int Id => _options.Id;

    /// <inheritdoc/>
    public PayloadPool Pool { get; } = new();

    /// <summary>Where this node listens.</summary>
    public IPEndPoint EndPoint => _listening.EndPoint;

    /// <summary>Bytes so far, over all links of this node.</summary>
    public FabricBytes Bytes => new(
        Interlocked.Read(ref _payloadSent), Interlocked.Read(ref _payloadReceived), Interlocked.Read(ref _frameSent), Interlocked.Read(ref _frameReceived));

    /// <summary>Worker: ends when the connection to the coordinator is gone.</summary>
    public Task CoordinatorGone => _coordinatorGone.Task;

    /// <summary>Coordinator: hears events of workers, from any thread.</summary>
    public Action<RunEvent>? Events { get; set; }

    /// <summary>Hears of refused frames and sessions: the slot (or −2: not known), and why.</summary>
    public Action<int, RejectCode>? Rejected { get; set; }

    /// <summary>Worker: dials the coordinator and becomes a session of the slot.</summary>
    /// <param name="coordinator">Where it listens.</param>
    /// <returns>Time since the run's start, by the coordinator's word and half the shortest of some round trips.</returns>
    /// <exception cref="JoinRefusedException">The coordinator refuses, or does not know the secret.</exception>
    /// <exception cref="OperatingSystemException">Nobody listens there.</exception>
    public TimeSpan Connect(IPEndPoint coordinator)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(coordinator);
            var welcome = Handshake.Dial(socket, _identity, Id, Slots.Coordinator, EndPoint.Port);
            _coordinator = new TcpLink(
                socket, this, Rules(LinkKind.FromCoordinator, Id, welcome), Slots.Coordinator, Id, welcome.Session, _options.Time, _options.QueueBytes);
            return welcome.RunTime();
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new OperatingSystemException($"the coordinator at {coordinator} cannot be reached: {error.Message.ToLowerInvariant()}", 71, error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Start(IInbox inbox)
    {
        _inbox = inbox;
        _listening.Start();
        _coordinator?.Start();
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(in Message message, CancellationToken stop)
    {
        if (Id == Slots.Coordinator)
        {
            return Volatile.Read(ref _links[message.To])?.SendAsync(message, stop) ?? default;
        }

        return message.To == Slots.Coordinator
            ? _coordinator?.SendAsync(message, stop) ?? default
            : _dialler.SendAsync(message, stop);
    }

    /// <inheritdoc/>
    public void Publish(in RunEvent happened)
    {
        Span<byte> bytes = stackalloc byte[EventCodec.Bytes];
        EventCodec.Write(happened, bytes);
        _coordinator?.AddEvent(bytes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        List<TcpLink> all;
        lock (_gate)
        {
            if (_disposed)
            {
                return default;
            }

            _disposed = true;
            all = [.. _links.OfType<TcpLink>(), .. _incoming, .. _dialler.Links];
            if (_coordinator is not null)
            {
                all.Add(_coordinator);
            }
        }

        _timer.Dispose();
        _listening.Dispose();
        foreach (var link in all)
        {
            link.Finish(FinishPatience);
        }

        return default;
    }

    /// <summary>Worker: whether the coordinator has said where that worker listens.</summary>
    internal bool Knows(int slot) => _roster[slot] != 0;

    void ILinkOwner.OnMessage(TcpLink link, in Message message) => _inbox!.Deliver(message with { To = Id });

    RejectCode ILinkOwner.OnControl(TcpLink link, FrameType type, ReadOnlySpan<byte> payload) =>
        type == FrameType.Roster ? _roster.Read(payload) : EventCodec.Read(payload, link.Peer, Events);

    void ILinkOwner.OnFrame(TcpLink link, in FrameHeader header, int row, bool sent)
    {
        var payload = FrameTypes.IsData(header.Type) ? header.Length - DataHeader.Bytes : 0;
        Interlocked.Add(ref sent ? ref _payloadSent : ref _payloadReceived, payload);
        Interlocked.Add(ref sent ? ref _frameSent : ref _frameReceived, FrameHeader.Bytes + header.Length);
        _options.Capture?.Invoke(new CapturedFrame(
            sent, link.Peer, link.Session, header.Type, header.Round, row, header.Chunk, FrameHeader.Bytes + header.Length, _options.Time.GetElapsedTime(_start)));
    }

    bool ILinkOwner.HasRoom(TcpLink link) =>
        _inbox!.PendingBytes(link.Peer) < Math.Max(_options.InboxBytes, Math.Min(MostInboxBytes, 4 * link.LargestMessage));

    void ILinkOwner.OnClosed(TcpLink link, RejectCode reason)
    {
        if (reason != RejectCode.None)
        {
            Rejected?.Invoke(link.Peer, reason);
        }

        if (link == _coordinator)
        {
            _coordinatorGone.TrySetResult();
            return;
        }

        lock (_gate)
        {
            _incoming.Remove(link);
            if (Id == Slots.Coordinator && _links[link.Peer] == link)
            {
                // Under the lock: the next session's arrival must not overtake this loss.
                _links[link.Peer] = null;
                _inbox!.Deliver(new Message { Topic = Topic.Lost, From = link.Peer, To = Id, Row = -1 });
            }
        }
    }

    // On a handshake thread.
    private void Answer(Socket socket)
    {
        Welcome? given = null;
        Hello? hello;
        RejectCode code;
        try
        {
            (hello, code) = Handshake.Answer(socket, _identity, () => _options.Time.GetElapsedTime(_start), hello =>
            {
                var (welcome, refused, sentence) = Admit(hello);
                given = welcome;
                return (welcome, refused, sentence);
            });
        }
        catch (JoinRefusedException refused)
        {
            (hello, code) = (null, refused.Code);
        }

        if (hello is null)
        {
            socket.Dispose();
            Rejected?.Invoke(-2, code);
            return;
        }

        if (Id != Slots.Coordinator)
        {
            var peer = new TcpLink(socket, this, Rules(LinkKind.FromPeer, hello.Slot, given!), hello.Slot, Id, given!.Session, _options.Time, _options.QueueBytes);
            lock (_gate)
            {
                if (_disposed)
                {
                    peer.Close(RejectCode.None);
                    return;
                }

                _incoming.Add(peer);
            }

            peer.Start();
            return;
        }

        var link = new TcpLink(socket, this, Rules(LinkKind.FromWorker, hello.Slot, given!), hello.Slot, hello.Slot, given!.Session, _options.Time, _options.QueueBytes);
        lock (_gate)
        {
            if (_disposed || _links[hello.Slot] is not null)
            {
                link.Close(RejectCode.SlotBusy);
                return;
            }

            Volatile.Write(ref _links[hello.Slot], link);
            _roster[hello.Slot] = hello.Port;
            _inbox!.Deliver(new Message { Topic = Topic.Joined, From = hello.Slot, To = Id, Row = -1 });
            SendRoster();
        }

        link.Start();
    }

    private (Welcome? Welcome, RejectCode Code, string Sentence) Admit(Hello hello)
    {
        if ((uint)hello.Slot >= (uint)_options.Workers)
        {
            return (null, RejectCode.Full, $"there is no slot {hello.Slot}: this run has slots 0 to {_options.Workers - 1}");
        }

        if (hello.Listener != Id)
        {
            return (null, RejectCode.Identity, $"this is {NodeName.Of(Id)}, not {NodeName.Of(hello.Listener)}: the port has changed hands");
        }

        if (Id == Slots.Coordinator && IsBusy(hello.Slot))
        {
            return (null, RejectCode.SlotBusy, $"slot {hello.Slot} has a live session; end that process first, or join as another slot");
        }

        return (new Welcome(Interlocked.Increment(ref _sessions), 1, 0, _options.Time.GetElapsedTime(_start)), RejectCode.None, string.Empty);
    }

    // A session that has just died is given the time to be noticed; one that answers stays.
    private bool IsBusy(int slot)
    {
        var began = _options.Time.GetTimestamp();
        while (Volatile.Read(ref _links[slot]) is { } old)
        {
            if (_options.Time.GetElapsedTime(began) >= PingPatience)
            {
                if (old.Silence < PingPatience)
                {
                    return true;
                }

                old.Close(RejectCode.None);
            }

            Thread.Sleep(5);
        }

        return false;
    }

    private FrameRules Rules(LinkKind kind, int slot, Welcome welcome) => new()
    {
        Kind = kind,
        Job = _identity.Job,
        Generation = welcome.Generation,
        Epoch = welcome.Epoch,
        Slot = slot,
        Limits = _options.Limits,
    };

    private TcpLink Open(Socket socket, int slot, Welcome welcome)
    {
        var link = new TcpLink(socket, this, Rules(LinkKind.FromPeer, slot, welcome), slot, Id, welcome.Session, _options.Time, _options.QueueBytes);
        link.Start();
        return link;
    }

    private void SendRoster()
    {
        var bytes = _roster.Write();
        foreach (var link in _links)
        {
            link?.SendControl(FrameType.Roster, bytes);
        }
    }

    private void Beat()
    {
        // Events go out at every beat, bare heartbeats at every fifth.
        var bare = Interlocked.Increment(ref _beats) % 5 == 0;
        var now = _options.Time.GetTimestamp();
        var stalled = _options.Time.GetElapsedTime(Interlocked.Exchange(ref _lastBeat, now), now) > StallFrom;
        lock (_gate)
        {
            foreach (var link in _links)
            {
                Check(link, bare, stalled);
            }

            foreach (var link in _incoming)
            {
                Check(link, bare, stalled);
            }
        }

        foreach (var link in _dialler.Links)
        {
            Check(link, bare, stalled);
        }

        Check(_coordinator, bare, stalled);
    }

    private static void Check(TcpLink? link, bool bare, bool stalled)
    {
        if (link is null)
        {
            return;
        }

        link.Beat(bare);
        if (stalled)
        {
            link.Forgive();
        }
        else if (link.Silence > DeadAfter)
        {
            link.Close(RejectCode.None);
        }
    }
}
