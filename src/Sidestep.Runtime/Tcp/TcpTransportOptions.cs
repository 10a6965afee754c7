namespace Sidestep.Runtime;

/// <summary>One frame, as a capture sees it.</summary>
/// <param name="Sent">Sent by this node; else received.</param>
/// <param name="Peer">The slot at the other end, or the coordinator.</param>
/// <param name="Session">Number of the session.</param>
/// <param name="Type">What it is.</param>
/// <param name="Round">The round.</param>
/// <param name="Row">The row, or −1.</param>
/// <param name="Chunk">Index of the chunk.</param>
/// <param name="Bytes">Bytes of the frame.</param>
/// <param name="At">Time since the run's start.</param>
public readonly record struct CapturedFrame(
    bool Sent, int Peer, long Session, FrameType Type, long Round, int Row, int Chunk, long Bytes, TimeSpan At);

/// <summary>What a transport over sockets needs.</summary>
public sealed record TcpTransportOptions
{
    /// <summary>This node's slot, or the coordinator.</summary>
    public required int Id { get; init; }

    /// <summary>Number of slots.</summary>
    public required int Workers { get; init; }

    /// <summary>The run's secret, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Hash of the resolved spec; both ends must have the same.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Names the arithmetic; both ends must have the same.</summary>
    public required string NumericClass { get; init; }

    /// <summary>Sizes of messages.</summary>
    public required IPayloadLimits Limits { get; init; }

    /// <summary>Port to listen at on the loopback address; 0: any.</summary>
    public int Port { get; init; }

    /// <summary>Hears of every frame, from any thread; null: nobody.</summary>
    public Action<CapturedFrame>? Capture { get; init; }

    /// <summary>Coordinator: timestamp of the run's start, told to every worker; null: when the transport is made.</summary>
    public long? StartTimestamp { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes of a peer's messages that may wait in the inbox before reading from it pauses; four of its largest messages (up to 256 MiB) may wait
    /// in any case, so that a slow reader of large models does not hold up its link.</summary>
    public long InboxBytes { get; init; } = Outbox.Budget;

    /// <summary>Bytes that may wait to be sent to a peer before senders wait; one message may in any case.</summary>
    public long QueueBytes { get; init; } = Outbox.Budget;
}
