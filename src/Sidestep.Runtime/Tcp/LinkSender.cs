using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>Hears of a frame that is sent.</summary>
internal delegate void FrameSent(in FrameHeader header, int row);

/// <summary>The sending half of a link: a bounded queue and the thread that writes it to the socket.</summary>
internal sealed class LinkSender(Socket socket, FrameRules rules, int ownSlot, long queueBytes, FrameSent sent)
{
    private const int SmallBytes = 32 << 10, EventRoom = 16 << 10;

    private readonly object _gate = new();
    private readonly List<Message> _queue = new(16);
    private readonly Queue<(FrameType Type, byte[] Payload)> _control = new();
    private readonly byte[] _staging = GC.AllocateUninitializedArray<byte>(SmallBytes + EventRoom + 1024, pinned: true);
    private readonly byte[] _events = new byte[EventRoom];
    private readonly byte[] _eventsOut = new byte[EventRoom];
    private int _eventCount;
    private long _queued;
    private long _sequence;
    private bool _busy;
    private bool _beat;
    private bool _sentSinceBeat;
    private bool _closed;
    private TaskCompletionSource? _room;

    public ValueTask SendAsync(in Message message, CancellationToken stop)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return default;
            }

            var bytes = Size(message);
            if (_queued == 0 || _queued + bytes <= queueBytes || message.Topic == Topic.Model)
            {
                Enqueue(message, bytes);
                return default;
            }
        }

        return WaitAsync(message, stop);
    }

    public void SendControl(FrameType type, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _control.Enqueue((type, payload.ToArray()));
                Monitor.Pulse(_gate);
            }
        }
    }

    public bool AddEvent(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_closed || _eventCount + bytes.Length > _events.Length)
            {
                return false;
            }

            bytes.CopyTo(_events.AsSpan(_eventCount));
            _eventCount += bytes.Length;
            return true;
        }
    }

    public void Beat(bool bare)
    {
        lock (_gate)
        {
            _beat = _eventCount > 0 || (bare && !_sentSinceBeat);
            _sentSinceBeat = !bare && _sentSinceBeat;
            if (_beat)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    public void Drain(TimeSpan patience)
    {
        lock (_gate)
        {
            while (!_closed && (_busy || _queue.Count > 0 || _control.Count > 0))
            {
                if (!Monitor.Wait(_gate, patience))
                {
                    return;
                }
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var message in _queue)
            {
                message.Payload?.Dispose();
            }

            _queue.Clear();
            _room?.TrySetResult();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Writes until closed.</summary>
    public void Run()
    {
        while (Next(out var message, out var control, out var events))
        {
            try
            {
                var at = events > 0 ? Control(FrameType.Events, _eventsOut.AsSpan(0, events), 0) : 0;
                if (message.Topic != Topic.None)
                {
                    Write(message, at);
                }
                else
                {
                    SendAll(_staging.AsSpan(0, Control(control.Type, control.Payload, at)));
                }
            }
            finally
            {
                message.Payload?.Dispose();
            }
        }
    }

    private static long Size(in Message message) => FrameHeader.Bytes + DataHeader.Bytes + (message.Payload?.Length ?? 0);

    private async ValueTask WaitAsync(Message message, CancellationToken stop)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_closed || _queued == 0 || _queued + Size(message) <= queueBytes)
                {
                    if (!_closed)
                    {
                        Enqueue(message, Size(message));
                    }

                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(stop);
        }
    }

    // A model that is not on its way yet is replaced by a newer one: the receiver would drop it anyhow.
    private void Enqueue(in Message message, long bytes)
    {
        message.Payload?.Retain();
        if (message.Topic == Topic.Model)
        {
            for (var i = 0; i < _queue.Count; i++)
            {
                if (_queue[i].Topic == Topic.Model && _queue[i].Channel == message.Channel)
                {
                    _queued -= Size(_queue[i]);
                    _queue[i].Payload?.Dispose();
                    _queue.RemoveAt(i);
                    break;
                }
            }
        }

        _queue.Add(message);
        _queued += bytes;
        Monitor.Pulse(_gate);
    }

    private bool Next(out Message message, out (FrameType Type, byte[] Payload) control, out int events)
    {
        (message, control) = (default, (FrameType.Heartbeat, []));
        lock (_gate)
        {
            _busy = false;
            Monitor.PulseAll(_gate);
            while (!_closed && _queue.Count == 0 && _control.Count == 0 && !_beat)
            {
                Monitor.Wait(_gate);
            }

            events = _eventCount;
            _events.AsSpan(0, events).CopyTo(_eventsOut);
            _eventCount = 0;
            if (_closed)
            {
                return false;
            }

            (_busy, _sentSinceBeat, _beat) = (true, true, false);
            if (_control.TryDequeue(out var first))
            {
                control = first;
            }
            else if (_queue.Count > 0)
            {
                message = _queue[0];
                _queue.RemoveAt(0);
                _queued -= Size(message);
                _room?.TrySetResult();
                _room = null;
            }

            return true;
        }
    }

    private int Control(FrameType type, ReadOnlySpan<byte> payload, int at)
    {
        payload.CopyTo(_staging.AsSpan(at + FrameHeader.Bytes));
        var header = new FrameHeader(
            type, 0, payload.Length, rules.Job, rules.Generation, rules.Epoch, 0, ownSlot, 0, ++_sequence, Checksum.Crc32C(payload));
        header.Write(_staging.AsSpan(at));
        sent(header, -1);
        return at + FrameHeader.Bytes + payload.Length;
    }

    private void Write(in Message message, int at)
    {
        var total = message.Payload?.Length ?? 0;
        var data = new DataHeader(message.Row, message.Codec, message.Fingerprint, message.Value, total);
        var chunk = 0;
        do
        {
            var start = chunk * FrameHeader.ChunkBytes;
            var length = Math.Min(FrameHeader.ChunkBytes, total - start);
            var head = _staging.AsSpan(at);
            data.Write(head[FrameHeader.Bytes..]);
            var checksum = Checksum.Crc32C(head.Slice(FrameHeader.Bytes, DataHeader.Bytes));
            if (length > 0)
            {
                checksum = Checksum.Combine(checksum, message.Payload!.ChunkChecksum(chunk, FrameHeader.ChunkBytes), length);
            }

            var header = new FrameHeader(
                FrameTypes.Of(message.Topic), message.Channel, DataHeader.Bytes + length, rules.Job, rules.Generation, rules.Epoch,
                message.Round, ownSlot, chunk, ++_sequence, checksum);
            header.Write(head);
            sent(header, message.Row);
            at += FrameHeader.Bytes + DataHeader.Bytes;
            if (length <= SmallBytes)
            {
                message.Payload?.Span.Slice(start, length).CopyTo(_staging.AsSpan(at));
                SendAll(_staging.AsSpan(0, at + length));
            }
            else
            {
                SendAll(_staging.AsSpan(0, at));
                SendAll(message.Payload!.Span.Slice(start, length));
            }

            at = 0;
            chunk++;
        }
        while ((long)chunk * FrameHeader.ChunkBytes < total);
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
