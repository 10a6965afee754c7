namespace Sidestep;

/// <summary>What a message is about.</summary>
[Flags]
public enum Topic : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Parameters of a round, coordinator to worker. Only the newest is kept for a slow reader.</summary>
    Model = 1,

    /// <summary>A row's payload, worker to coordinator.</summary>
    Share = 2,

    /// <summary>Coordinator asks a worker for an on-request row (<see cref="Message.Row"/>).</summary>
    Ask = 4,

    /// <summary>A mixer's message, any to any.</summary>
    Mix = 8,

    /// <summary>The run is over, coordinator to worker.</summary>
    Stop = 16,

    /// <summary>State of a stream or a model for a joiner, any to any.</summary>
    State = 32,

    /// <summary>Somebody needs state, any to any.</summary>
    NeedState = 64,

    /// <summary>A plan for a round: members, attempt. Coordinator to worker.</summary>
    Plan = 128,

    /// <summary>A worker has done its part of a round, worker to coordinator.</summary>
    Done = 256,

    /// <summary>Delivered by the node itself: a slot is there (<see cref="Message.From"/>), as a new session.</summary>
    Joined = 512,

    /// <summary>Delivered by the node itself: a slot's session is gone.</summary>
    Lost = 1024,

    /// <summary>Coordinator tells a worker that a row (<see cref="Message.Row"/>) is not wanted of it any more. <see cref="Message.Value"/> 1:
    /// it has come from elsewhere, so a computation that is under way may stop; 0: somebody else was given it, what is under way is finished.</summary>
    Withdraw = 2048,
}

/// <summary>A change of the code table counts a new epoch.</summary>
/// <param name="Number">From 0.</param>
public readonly record struct Epoch(int Number);

/// <summary>One message between nodes; its payload is reference-counted.</summary>
public readonly record struct Message
{
    /// <summary>The receiver.</summary>
    public int To { get; init; }

    /// <summary>The sender; set by the node.</summary>
    public int From { get; init; }

    /// <summary>Exactly one topic.</summary>
    public Topic Topic { get; init; }

    /// <summary>0, or a group's channel (see <see cref="INode.Within"/>).</summary>
    public ushort Channel { get; init; }

    /// <summary>The round.</summary>
    public long Round { get; init; }

    /// <summary>The row (shares, asks), or a small number of the topic's own; −1: none.</summary>
    public int Row { get; init; }

    /// <summary>Wire id of the payload's codec; 0: raw.</summary>
    public ushort Codec { get; init; }

    /// <summary>Fingerprint of the model a payload is, or was computed at.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>The row's part of the loss, or another number of the topic's own.</summary>
    public double Value { get; init; }

    /// <summary>The payload, or null.</summary>
    public PayloadLease? Payload { get; init; }
}

/// <summary>A received message; dispose it once to give its payload back (or hand the payload on).</summary>
/// <param name="Message">The message.</param>
public readonly record struct MessageLease(Message Message) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Message.Payload?.Dispose();
}

/// <summary>Which messages to take.</summary>
/// <param name="Topics">Any of these.</param>
/// <param name="Round">Exactly this round, or −1: any. With a round given, older messages of these topics are dropped.</param>
/// <param name="From">Exactly this sender, or <see cref="Anyone"/>.</param>
public readonly record struct Match(Topic Topics, long Round = -1, int From = Match.Anyone)
{
    /// <summary>Any sender.</summary>
    public const int Anyone = int.MinValue;
}

/// <summary>Sizes a transport accepts, known before a byte is allocated.</summary>
public interface IPayloadLimits
{
    /// <summary>Bounds of a payload's length in bytes for a topic and row; (0, 0): no payload.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="row">The row.</param>
    (int Least, int Most) For(Topic topic, int row);
}
