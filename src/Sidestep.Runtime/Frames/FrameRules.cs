namespace Sidestep.Runtime;

/// <summary>What one direction of a link accepts: every gate a frame passes before a byte is allocated for it.</summary>
public sealed class FrameRules
{
    /// <summary>Largest payload of a control frame.</summary>
    public const int ControlBytes = 64 << 10;

    /// <summary>Which ends the link has.</summary>
    public required LinkKind Kind { get; init; }

    /// <summary>The run; handshake frames before the welcome carry 0.</summary>
    public required ulong Job { get; init; }

    /// <summary>The coordinator's life.</summary>
    public uint Generation { get; set; }

    /// <summary>The code table's epoch.</summary>
    public uint Epoch { get; set; }

    /// <summary>The slot every frame must name.</summary>
    public required int Slot { get; init; }

    /// <summary>Sizes of messages.</summary>
    public required IPayloadLimits Limits { get; init; }

    /// <summary>The one handshake frame awaited next; null: the handshake is over.</summary>
    public FrameType? Awaited { get; set; }

    /// <summary>Judges a header against the state of the link.</summary>
    /// <param name="header">A sound header.</param>
    /// <param name="sequence">The number it must have.</param>
    public RejectCode Judge(in FrameHeader header, long sequence)
    {
        if (header.Sequence != sequence)
        {
            return RejectCode.Sequence;
        }

        if (header.Job != Job)
        {
            return RejectCode.Job;
        }

        if (Awaited is { } awaited)
        {
            return header.Type != awaited && header.Type != FrameType.Refused ? RejectCode.State
                : header.Generation != 0 || header.Epoch != 0 || header.Slot != 0 ? RejectCode.Reserved
                : header.Length is < 0 or > 4096 ? RejectCode.Length
                : RejectCode.None;
        }

        if (FrameTypes.IsHandshake(header.Type))
        {
            return RejectCode.State;
        }

        if (!FrameTypes.MayCome(header.Type, Kind))
        {
            return RejectCode.Direction;
        }

        return header.Generation != Generation ? RejectCode.Generation
            : header.Epoch != Epoch ? RejectCode.Epoch
            : header.Slot != Slot ? RejectCode.Identity
            : JudgeLength(header);
    }

    /// <summary>Judges a message's total size.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="data">Its sub-header.</param>
    public RejectCode Judge(in FrameHeader header, in DataHeader data)
    {
        var (least, most) = Limits.For(FrameTypes.TopicOf(header.Type), data.Row);
        if (data.Total < least || data.Total > most)
        {
            return RejectCode.Length;
        }

        var rest = data.Total - ((long)header.Chunk * FrameHeader.ChunkBytes);
        return header.Chunk < 0 || (rest <= 0 && !(data.Total == 0 && header.Chunk == 0)) ? RejectCode.Chunk
            : header.Length - DataHeader.Bytes != Math.Min(rest, FrameHeader.ChunkBytes) ? RejectCode.Length
            : RejectCode.None;
    }

    private static RejectCode JudgeLength(in FrameHeader header)
    {
        var sound = FrameTypes.IsData(header.Type)
            ? header.Length is >= DataHeader.Bytes and <= DataHeader.Bytes + FrameHeader.ChunkBytes
            : header.Length is >= 0 and <= ControlBytes && (header.Type != FrameType.Heartbeat || header.Length == 0);
        return sound ? RejectCode.None : RejectCode.Length;
    }
}
