namespace Sidestep.Runtime.Tests.Frames;

/// <summary>Frames of one imaginary session, made by hand.</summary>
internal static class Wire
{
    public const ulong Job = 0x1122334455667788;
    public const uint Generation = 1;
    public const int Slot = 2;

    public static FrameRules Rules(LinkKind kind) => new() { Kind = kind, Job = Job, Generation = Generation, Slot = Slot, Limits = Limits.Instance };

    public static FrameRules Handshaking(FrameType awaited) =>
        new() { Kind = LinkKind.FromPeer, Job = 0, Slot = 0, Limits = Limits.Instance, Awaited = awaited };

    public static byte[] Control(FrameType type, long sequence, ReadOnlySpan<byte> payload) =>
        Frame(new FrameHeader(type, 0, payload.Length, Job, Generation, 0, 0, Slot, 0, sequence, 0), payload);

    public static byte[] Greeting(FrameType type, ReadOnlySpan<byte> payload) =>
        Frame(new FrameHeader(type, 0, payload.Length, 0, 0, 0, 0, 0, 0, 1, 0), payload);

    public static byte[] Data(FrameType type, long sequence, long round, int row, ReadOnlySpan<byte> payload, int chunk = 0, ushort channel = 0, long? total = null)
    {
        var body = new byte[DataHeader.Bytes + payload.Length];
        new DataHeader(row, 3, 0xFEED, 0.5, total ?? payload.Length).Write(body);
        payload.CopyTo(body.AsSpan(DataHeader.Bytes));
        return Frame(new FrameHeader(type, channel, body.Length, Job, Generation, 0, round, Slot, chunk, sequence, 0), body);
    }

    /// <summary>All frames of a message, chunked as a sender does.</summary>
    public static byte[] Message(FrameType type, long firstSequence, long round, int row, ReadOnlySpan<byte> payload)
    {
        var frames = new List<byte>();
        for (var chunk = 0; chunk == 0 || chunk * (long)FrameHeader.ChunkBytes < payload.Length; chunk++)
        {
            var piece = payload[(chunk * FrameHeader.ChunkBytes)..];
            piece = piece[..Math.Min(piece.Length, FrameHeader.ChunkBytes)];
            frames.AddRange(Data(type, firstSequence + chunk, round, row, piece, chunk, total: payload.Length));
        }

        return [.. frames];
    }

    public static byte[] Frame(FrameHeader header, ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameHeader.Bytes + body.Length];
        (header with { BodyChecksum = Checksum.Crc32C(body) }).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Bytes));
        return frame;
    }

    public static byte[] Bytes(int length, ulong seed = 1)
    {
        var rng = new Rng(seed, Purpose.Test, 0, 0, 0);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)rng.NextUInt32();
        }

        return bytes;
    }

    private sealed class Limits : IPayloadLimits
    {
        public static Limits Instance { get; } = new();

        public (int Least, int Most) For(Topic topic, int row) => topic switch
        {
            Topic.Share => (8, 256),
            Topic.Mix or Topic.State => (0, 10 << 20),
            _ => (0, 64),
        };
    }
}

/// <summary>Keeps what a parser hands over, readable for comparison.</summary>
internal sealed class RecordingSink : IFrameSink, IDisposable
{
    public List<string> Seen { get; } = [];

    public List<Message> Messages { get; } = [];

    public RejectCode OnControl(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Seen.Add($"{header.Type} {Convert.ToHexString(payload)}");
        return RejectCode.None;
    }

    public void OnMessage(in Message message)
    {
        var payload = message.Payload is null ? default : message.Payload.Span;
        Seen.Add($"{message.Topic} {message.Channel} {message.Round} {message.Row} {message.Codec} {message.Fingerprint} {message.Value} {payload.Length} {Checksum.Fingerprint(payload)}");
        Messages.Add(message);
    }

    public void OnFrame(in FrameHeader header, int row)
    {
    }

    public void Dispose()
    {
        foreach (var message in Messages)
        {
            message.Payload?.Dispose();
        }
    }
}
