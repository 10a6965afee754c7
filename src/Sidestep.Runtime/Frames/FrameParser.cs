namespace Sidestep.Runtime;

/// <summary>Receives whole frames.</summary>
public interface IFrameSink
{
    /// <summary>A control frame; the payload is valid during the call.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>A whole message; ownership of its payload moves.</summary>
    /// <param name="message">The message; sender and receiver are not set.</param>
    void OnMessage(in Message message);

    /// <summary>A frame was accepted, before its body is complete (for captures).</summary>
    /// <param name="header">Its header.</param>
    /// <param name="row">The row, or −1.</param>
    void OnFrame(in FrameHeader header, int row);
}

/// <summary>Turns a stream of bytes, in pieces of any size, into frames. Sans I/O; a refused frame ends it for good.</summary>
/// <remarks>Message payloads can be received straight into their lease: ask <see cref="Body"/> where the next bytes belong, then call <see cref="BodyReceived"/>.
/// Memory: 64 KiB of control payload per link, and one lease of a size the rules allow.</remarks>
public sealed class FrameParser(FrameRules rules, PayloadPool pool, IFrameSink sink) : IDisposable
{
    private readonly byte[] _head = new byte[FrameHeader.Bytes + DataHeader.Bytes];
    private byte[] _control = new byte[512];
    private FrameHeader _header;
    private FrameHeader _first;
    private DataHeader _data;
    private PayloadLease? _lease;
    private uint _checksum;
    private int _headCount;
    private int _bodyCount;
    private int _bodyLength;
    private int _nextChunk;
    private long _sequence = 1;
    private bool _inBody;

    /// <summary>The first reason for a refusal; later bytes are ignored.</summary>
    public RejectCode Rejected { get; private set; }

    /// <summary>Bytes up to the end of the header or body now being received; nothing of a later frame is among them.</summary>
    public int Needed => _inBody ? _bodyLength - _bodyCount
        : (_headCount < FrameHeader.Bytes ? FrameHeader.Bytes : _head.Length) - _headCount;

    /// <summary>Where the next payload bytes belong; empty outside message bodies.</summary>
    public Memory<byte> Body => _inBody && _lease is not null && FrameTypes.IsData(_header.Type)
        ? _lease.Memory.Slice(Offset + _bodyCount, _bodyLength - _bodyCount)
        : default;

    private int Offset => _header.Chunk * FrameHeader.ChunkBytes;

    /// <summary>Takes the next bytes of the stream.</summary>
    /// <param name="bytes">Any number of them.</param>
    public RejectCode Feed(ReadOnlySpan<byte> bytes)
    {
        while (Rejected == RejectCode.None)
        {
            var taken = _inBody ? TakeBody(bytes) : TakeHead(bytes);
            if (taken == 0)
            {
                break;
            }

            bytes = bytes[taken..];
        }

        return Rejected;
    }

    /// <summary>Payload bytes were received straight into <see cref="Body"/>.</summary>
    /// <param name="count">How many.</param>
    public RejectCode BodyReceived(int count)
    {
        _checksum = Checksum.Crc32C(_lease!.Span.Slice(Offset + _bodyCount, count), _checksum);
        _bodyCount += count;
        if (_bodyCount == _bodyLength)
        {
            EndFrame();
        }

        return Rejected;
    }

    /// <summary>Gives back the payload of an unfinished message.</summary>
    public void Dispose() => DropLease();

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var wanted = _headCount < FrameHeader.Bytes ? FrameHeader.Bytes : _head.Length;
        var count = Math.Min(wanted - _headCount, bytes.Length);
        bytes[..count].CopyTo(_head.AsSpan(_headCount));
        _headCount += count;
        if (_headCount == FrameHeader.Bytes && count > 0)
        {
            Refuse(BeginFrame());
        }
        else if (_headCount == _head.Length)
        {
            Refuse(BeginMessage());
        }

        return count;
    }

    private RejectCode BeginFrame()
    {
        if (FrameHeader.Read(_head, out _header) is not RejectCode.None and var damaged)
        {
            return damaged;
        }

        if (rules.Judge(_header, _sequence) is not RejectCode.None and var refused)
        {
            return refused;
        }

        _sequence++;
        _checksum = 0;
        if (FrameTypes.IsData(_header.Type))
        {
            return RejectCode.None;
        }

        if (_control.Length < _header.Length)
        {
            _control = new byte[FrameRules.ControlBytes];
        }

        sink.OnFrame(_header, -1);
        BeginBody(_header.Length);
        return RejectCode.None;
    }

    private RejectCode BeginMessage()
    {
        if (DataHeader.Read(_head.AsSpan(FrameHeader.Bytes), out var data) is not RejectCode.None and var damaged)
        {
            return damaged;
        }

        if (rules.Judge(_header, data) is not RejectCode.None and var refused)
        {
            return refused;
        }

        if (_header.Chunk != _nextChunk || (_nextChunk > 0 && !Continues(data)))
        {
            return RejectCode.Chunk;
        }

        if (_nextChunk == 0)
        {
            (_first, _data) = (_header, data);
            _lease = data.Total > 0 ? pool.Lease((int)data.Total) : null;
        }

        _checksum = Checksum.Crc32C(_head.AsSpan(FrameHeader.Bytes, DataHeader.Bytes));
        sink.OnFrame(_header, data.Row);
        BeginBody(_header.Length - DataHeader.Bytes);
        return RejectCode.None;
    }

    // A later chunk that names another message would escape the limits its first chunk was judged by.
    private bool Continues(in DataHeader data) =>
        data == _data && _header.Type == _first.Type && _header.Channel == _first.Channel && _header.Round == _first.Round;

    private void BeginBody(int length)
    {
        (_inBody, _bodyCount, _bodyLength) = (true, 0, length);
        if (length == 0)
        {
            EndFrame();
        }
    }

    private int TakeBody(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(_bodyLength - _bodyCount, bytes.Length);
        if (count == 0)
        {
            return 0;
        }

        if (FrameTypes.IsData(_header.Type))
        {
            bytes[..count].CopyTo(Body.Span);
            BodyReceived(count);
            return count;
        }

        bytes[..count].CopyTo(_control.AsSpan(_bodyCount));
        _bodyCount += count;
        if (_bodyCount == _bodyLength)
        {
            _checksum = Checksum.Crc32C(_control.AsSpan(0, _bodyLength));
            EndFrame();
        }

        return count;
    }

    private void EndFrame()
    {
        (_inBody, _headCount) = (false, 0);
        if (_checksum != _header.BodyChecksum)
        {
            Refuse(RejectCode.BodyChecksum);
            return;
        }

        if (!FrameTypes.IsData(_header.Type))
        {
            Refuse(sink.OnControl(_header, _control.AsSpan(0, _bodyLength)));
            return;
        }

        _nextChunk++;
        if (((long)_nextChunk * FrameHeader.ChunkBytes) < _data.Total)
        {
            return;
        }

        var lease = _lease;
        (_lease, _nextChunk) = (null, 0);
        sink.OnMessage(new Message
        {
            Topic = FrameTypes.TopicOf(_header.Type),
            Channel = _header.Channel,
            Round = _header.Round,
            Row = _data.Row,
            Codec = _data.Codec,
            Fingerprint = _data.Fingerprint,
            Value = _data.Value,
            Payload = lease,
        });
    }

    private void Refuse(RejectCode code)
    {
        if (code != RejectCode.None)
        {
            Rejected = code;
            DropLease();
        }
    }

    private void DropLease()
    {
        _lease?.Dispose();
        (_lease, _inBody) = (null, false);
    }
}
