using System.Diagnostics;
using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>Sends and receives the control frames of a handshake on a blocking socket, all of them within one deadline.</summary>
internal sealed class HandshakeChannel : IFrameSink, IDisposable
{
    private readonly Socket _socket;
    private readonly FrameParser _parser;
    private readonly FrameRules _rules;
    private readonly byte[] _frame = new byte[FrameHeader.Bytes + 4096];
    private readonly TimeSpan _deadline;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _sequence;
    private FrameType? _got;
    private byte[] _payload = [];

    public HandshakeChannel(Socket socket, TimeSpan deadline)
    {
        (_socket, _deadline) = (socket, deadline);
        _socket.NoDelay = true;
        _socket.SendTimeout = (int)deadline.TotalMilliseconds;
        _rules = new FrameRules { Kind = LinkKind.FromPeer, Job = 0, Slot = 0, Limits = NoMessages.Instance };
        _parser = new FrameParser(_rules, new PayloadPool(), this);
    }

    public void Send(FrameType type, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_frame.AsSpan(FrameHeader.Bytes));
        new FrameHeader(type, 0, payload.Length, 0, 0, 0, 0, 0, 0, ++_sequence, Checksum.Crc32C(payload)).Write(_frame);
        var rest = _frame.AsSpan(0, FrameHeader.Bytes + payload.Length);
        while (!rest.IsEmpty)
        {
            rest = rest[_socket.Send(rest)..];
        }
    }

    /// <summary>Receives the awaited frame; nothing behind it is taken from the stream.</summary>
    public byte[] Receive(FrameType awaited)
    {
        _rules.Awaited = awaited;
        _got = null;
        while (_got is null)
        {
            // What is left of the deadline: a peer that drips bytes gains nothing by it.
            var left = _deadline - Stopwatch.GetElapsedTime(_began);
            if (left <= TimeSpan.Zero)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            _socket.ReceiveTimeout = (int)Math.Ceiling(left.TotalMilliseconds);
            var count = _socket.Receive(_frame.AsSpan(0, _parser.Needed));
            if (count == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            if (_parser.Feed(_frame.AsSpan(0, count)) is not RejectCode.None and var code)
            {
                throw new JoinRefusedException(code, $"the other end does not speak this protocol: a {awaited} frame was awaited");
            }
        }

        if (_got == FrameType.Refused && awaited != FrameType.Refused)
        {
            var refused = _payload.Length > 0 ? (RejectCode)_payload[0] : RejectCode.State;
            throw new JoinRefusedException(refused, System.Text.Encoding.UTF8.GetString(_payload.AsSpan(Math.Min(1, _payload.Length))));
        }

        return _payload;
    }

    public void Refuse(RejectCode code, string sentence)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(sentence);
        Send(FrameType.Refused, [(byte)code, .. text.AsSpan(0, Math.Min(text.Length, 255))]);
    }

    public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        (_got, _payload) = (header.Type, payload.ToArray());
        return RejectCode.None;
    }

    public void OnMessage(in Message message) => message.Payload?.Dispose();

    public void OnFrame(in FrameHeader header, int row)
    {
    }

    public void Dispose() => _parser.Dispose();

    private sealed class NoMessages : IPayloadLimits
    {
        public static NoMessages Instance { get; } = new();

        public (int Least, int Most) For(Topic topic, int row) => (0, -1);
    }
}
