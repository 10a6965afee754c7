using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>One authenticated connection: a reading and a writing thread on a blocking socket. Allocates nothing per frame.</summary>
/// <remarks>Large payloads go from their lease to the socket and from the socket into their lease; small frames are sent in one call.
/// Memory: 64 KiB of staging per direction, the control buffer, and what the send queue holds.</remarks>
internal sealed class TcpLink : IFrameSink
{
    private const int StagingBytes = 64 << 10, DirectFrom = 16 << 10, PieceBytes = 256 << 10;

    // A peer that lives but takes nothing for this long while there is something to send is dropped; a silent one goes sooner.
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RoomGlance = TimeSpan.FromMilliseconds(1);

    private readonly Socket _socket;
    private readonly ILinkOwner _owner;
    private readonly TimeProvider _time;
    private readonly FrameParser _parser;
    private readonly LinkSender _sender;
    private long _heard;
    private int _closed;
    private RejectCode _reason;

    public TcpLink(Socket socket, ILinkOwner owner, FrameRules rules, int peer, int ownSlot, long session, TimeProvider time, long queueBytes)
    {
        (_socket, _owner, _time, Peer, Session) = (socket, owner, time, peer, session);
        socket.NoDelay = true;
        socket.ReceiveTimeout = 0;
        socket.SendTimeout = (int)SendPatience.TotalMilliseconds;
        _heard = time.GetTimestamp();
        _parser = new FrameParser(rules, owner.Pool, this);
        _sender = new LinkSender(socket, rules, ownSlot, queueBytes, (in FrameHeader header, int row) => owner.OnFrame(this, header, row, sent: true));
    }

    /// <summary>The slot at the other end, or the coordinator.</summary>
    public int Peer { get; }

    /// <summary>Number of the session.</summary>
    public long Session { get; }

    /// <summary>Payload bytes of the largest message that came; belongs to the reading thread.</summary>
    public long LargestMessage { get; private set; }

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Time since anything came.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _heard));

    /// <summary>Counts the silence from now on.</summary>
    public void Forgive() => Volatile.Write(ref _heard, _time.GetTimestamp());

    public void Start()
    {
        new Thread(Read) { IsBackground = true, Name = $"sidestep read {Peer}" }.Start();
        new Thread(Write) { IsBackground = true, Name = $"sidestep write {Peer}" }.Start();
    }

    public ValueTask SendAsync(in Message message, CancellationToken stop) => _sender.SendAsync(message, stop);

    public void SendControl(FrameType type, ReadOnlySpan<byte> payload) => _sender.SendControl(type, payload);

    /// <summary>Adds bytes to the events that go out with the next frame.</summary>
    public bool AddEvent(ReadOnlySpan<byte> bytes) => _sender.AddEvent(bytes);

    /// <summary>Sends waiting events; a bare heartbeat if asked for and nothing else was sent since.</summary>
    public void Beat(bool bare) => _sender.Beat(bare);

    /// <summary>Sends what is queued, then closes; waits at most that long.</summary>
    public void Finish(TimeSpan patience)
    {
        _sender.Drain(patience);
        Close(RejectCode.None);
    }

    public void Close(RejectCode reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _reason = reason;
            _sender.Close();
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // It is gone already.
            }

            _socket.Dispose();
        }
    }

    public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload) =>
        header.Type == FrameType.Heartbeat ? RejectCode.None : _owner.OnControl(this, header.Type, payload);

    public void OnMessage(in Message message)
    {
        LargestMessage = Math.Max(LargestMessage, message.Payload?.Length ?? 0);
        _owner.OnMessage(this, message with { From = Peer });
    }

    public void OnFrame(in FrameHeader header, int row) => _owner.OnFrame(this, header, row, sent: false);

    private void Read()
    {
        var staging = GC.AllocateUninitializedArray<byte>(StagingBytes, pinned: true);
        try
        {
            while (!IsClosed)
            {
                while (!_owner.HasRoom(this) && !IsClosed)
                {
                    Thread.Sleep(RoomGlance);
                    Volatile.Write(ref _heard, _time.GetTimestamp());
                }

                if (ReadOnce(staging) is not RejectCode.None and var code)
                {
                    Close(code);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is lost: weather.
        }

        Close(RejectCode.None);
        _parser.Dispose();
        _owner.OnClosed(this, _reason);
    }

    private RejectCode ReadOnce(byte[] staging)
    {
        var body = _parser.Body;
        var direct = body.Length >= DirectFrom;
        var count = direct ? _socket.Receive(body.Span[..Math.Min(body.Length, PieceBytes)]) : _socket.Receive(staging);
        if (count == 0)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        Volatile.Write(ref _heard, _time.GetTimestamp());
        return direct ? _parser.BodyReceived(count) : _parser.Feed(staging.AsSpan(0, count));
    }

    private void Write()
    {
        try
        {
            _sender.Run();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The connection is lost: the reading side reports it.
        }

        Close(RejectCode.None);
        _sender.Close();
    }
}
