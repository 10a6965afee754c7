namespace Sidestep.Runtime.Tests.Frames;

/// <summary>Frames as the sender of a link would encode them.</summary>
internal static class TestFrames
{
    public const ulong Job = 0x0123456789ABCDEF;
    public const uint Generation = 1, Epoch = 2;
    public const int Slot = 3;

    public static byte[] Control(FrameType type, ReadOnlySpan<byte> payload, long sequence)
    {
        var handshake = FrameTypes.IsHandshake(type);
        var header = new FrameHeader(
            type, 0, payload.Length, handshake ? 0 : Job, handshake ? 0 : Generation, handshake ? 0 : Epoch, 0, handshake ? 0 : Slot, 0, sequence,
            Checksum.Crc32C(payload));
        return Join(header, payload);
    }

    /// <summary>A whole message: one frame, or one per chunk.</summary>
    public static byte[] Message(FrameType type, int row, byte[] payload, long sequence)
    {
        var chunks = Math.Max(1, (payload.Length + FrameHeader.ChunkBytes - 1) / FrameHeader.ChunkBytes);
        return [.. Enumerable.Range(0, chunks).SelectMany(chunk => Chunk(type, row, payload, chunk, sequence + chunk))];
    }

    public static byte[] Chunk(FrameType type, int row, byte[] payload, int chunk, long sequence, long round = 7)
    {
        var start = chunk * FrameHeader.ChunkBytes;
        var body = new byte[DataHeader.Bytes + Math.Min(FrameHeader.ChunkBytes, payload.Length - start)];
        new DataHeader(row, 1, 0xFEEDFACE, 0.25, payload.Length).Write(body);
        payload.AsSpan(start, body.Length - DataHeader.Bytes).CopyTo(body.AsSpan(DataHeader.Bytes));
        return Join(new FrameHeader(type, 5, body.Length, Job, Generation, Epoch, round, Slot, chunk, sequence, Checksum.Crc32C(body)), body);
    }

    public static FrameRules Rules(LinkKind kind, IPayloadLimits limits, FrameType? awaited = null) => new()
    {
        Kind = kind,
        Job = awaited is null ? Job : 0,
        Generation = Generation,
        Epoch = Epoch,
        Slot = Slot,
        Limits = limits,
        Awaited = awaited,
    };

    /// <summary>Bytes that look like nothing and are the same at every call.</summary>
    public static byte[] Payload(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 2654435761L) >> 13);
        }

        return bytes;
    }

    private static byte[] Join(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[FrameHeader.Bytes + body.Length];
        header.Write(bytes);
        body.CopyTo(bytes.AsSpan(FrameHeader.Bytes));
        return bytes;
    }
}

/// <summary>Sizes up to a number of bytes, for every topic.</summary>
internal sealed class AtMost(int most) : IPayloadLimits
{
    public (int Least, int Most) For(Topic topic, int row) => (0, most);
}

/// <summary>Writes down what a parser said, one line per call.</summary>
internal sealed class FrameLog : IFrameSink
{
    public List<string> Lines { get; } = [];

    public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Lines.Add($"control {header.Type} {header.Sequence} {Convert.ToHexString(payload)}");
        return RejectCode.None;
    }

    public void OnMessage(in Message message)
    {
        Lines.Add($"{message with { Payload = null }} {message.Payload?.Length} {Checksum.Crc32C(message.Payload is { } p ? p.Span : default)}");
        message.Payload?.Dispose();
    }

    public void OnFrame(in FrameHeader header, int row) => Lines.Add($"frame {header} {row}");
}
