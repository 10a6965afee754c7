namespace Sidestep;

/// <summary>Counts bytes at the coordinator as the wire would carry them. Thread-safe.</summary>
public sealed class Traffic
{
    private const int HeaderBytes = 64, DataHeaderBytes = 32, ChunkBytes = 4 << 20;
    private long _payloadSent, _payloadReceived, _frameSent, _frameReceived;

    /// <summary>The counts so far.</summary>
    public FabricBytes Bytes => new(
        Interlocked.Read(ref _payloadSent), Interlocked.Read(ref _payloadReceived),
        Interlocked.Read(ref _frameSent), Interlocked.Read(ref _frameReceived));

    /// <summary>Bytes of a message on the wire: 64 without a payload; with one, 64 + 32 for every chunk of 4 MiB, and the payload.</summary>
    /// <param name="payload">Bytes of the payload.</param>
    public static long FrameBytes(int payload) =>
        payload == 0 ? HeaderBytes : payload + ((((long)payload + ChunkBytes - 1) / ChunkBytes) * (HeaderBytes + DataHeaderBytes));

    /// <summary>Counts a message if it goes between the coordinator and a worker: once, where it leaves the coordinator or where it reaches it.</summary>
    /// <param name="message">The message.</param>
    public void Count(in Message message)
    {
        var payload = message.Payload?.Length ?? 0;
        if (message.From == message.To)
        {
            return;
        }

        if (message.From == Slots.Coordinator)
        {
            Interlocked.Add(ref _payloadSent, payload);
            Interlocked.Add(ref _frameSent, FrameBytes(payload));
        }
        else if (message.To == Slots.Coordinator)
        {
            Interlocked.Add(ref _payloadReceived, payload);
            Interlocked.Add(ref _frameReceived, FrameBytes(payload));
        }
    }
}
