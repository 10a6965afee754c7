namespace Sidestep.Runtime;

/// <summary>What a frame is; a closed set.</summary>
public enum FrameType : ushort
{
    /// <summary>Dialler to listener: who I am, what I can, a nonce.</summary>
    Hello = 1,

    /// <summary>Listener to dialler: a nonce, and the proof that the secret is known.</summary>
    Challenge = 2,

    /// <summary>Dialler to listener: its proof.</summary>
    Proof = 3,

    /// <summary>Listener to dialler: session, generation, epoch, clock, roster.</summary>
    Welcome = 4,

    /// <summary>Listener to dialler, after its proof: a reject code and a sentence.</summary>
    Refused = 5,

    /// <summary>Dialler to listener: data may flow.</summary>
    Ready = 6,

    /// <summary>Any to any: I live.</summary>
    Heartbeat = 7,

    /// <summary>Worker to coordinator: run events.</summary>
    Events = 8,

    /// <summary>Coordinator to worker: ports at which workers listen.</summary>
    Roster = 9,

    /// <summary>Parameters, coordinator to worker.</summary>
    Model = 32,

    /// <summary>A row's payload, worker to coordinator.</summary>
    Share = 33,

    /// <summary>A request for a row, coordinator to worker.</summary>
    Ask = 34,

    /// <summary>A mixer's message, any to any.</summary>
    Mix = 35,

    /// <summary>The run is over, coordinator to worker.</summary>
    Stop = 36,

    /// <summary>State for a joiner, any to any.</summary>
    State = 37,

    /// <summary>A request for state, any to any.</summary>
    NeedState = 38,

    /// <summary>A plan of a round, coordinator to worker.</summary>
    Plan = 39,

    /// <summary>A part of a round is done, worker to coordinator.</summary>
    Done = 40,

    /// <summary>A row is not wanted any more, coordinator to worker.</summary>
    Withdraw = 43,
}

/// <summary>Which ends a link has, seen from the receiver.</summary>
public enum LinkKind
{
    /// <summary>The receiver is the coordinator, the sender a worker.</summary>
    FromWorker,

    /// <summary>The receiver is a worker, the sender the coordinator.</summary>
    FromCoordinator,

    /// <summary>Both are workers.</summary>
    FromPeer,
}

/// <summary>Facts of frame types.</summary>
public static class FrameTypes
{
    private const int FirstData = (int)FrameType.Model;

    /// <summary>Whether the type is in the set.</summary>
    /// <param name="type">The type.</param>
    public static bool IsKnown(FrameType type) => type is (>= FrameType.Hello and <= FrameType.Roster) or (>= FrameType.Model and <= FrameType.Done) or FrameType.Withdraw;

    /// <summary>Whether frames of the type carry a message (and its 32-byte sub-header).</summary>
    /// <param name="type">The type.</param>
    public static bool IsData(FrameType type) => type >= FrameType.Model;

    /// <summary>Whether frames of the type belong to the handshake.</summary>
    /// <param name="type">The type.</param>
    public static bool IsHandshake(FrameType type) => type <= FrameType.Ready;

    /// <summary>The type of a message's frames.</summary>
    /// <param name="topic">The topic; not one a node delivers to itself.</param>
    public static FrameType Of(Topic topic) => (FrameType)(FirstData + System.Numerics.BitOperations.TrailingZeroCount((ushort)topic));

    /// <summary>The topic of a data frame.</summary>
    /// <param name="type">A data type.</param>
    public static Topic TopicOf(FrameType type) => (Topic)(1 << ((int)type - FirstData));

    /// <summary>Whether a frame of the type may come from that side of a link that is past its handshake.</summary>
    /// <param name="type">The type.</param>
    /// <param name="kind">The link.</param>
    public static bool MayCome(FrameType type, LinkKind kind) => type switch
    {
        FrameType.Heartbeat or FrameType.Mix or FrameType.State or FrameType.NeedState => true,
        FrameType.Events or FrameType.Share or FrameType.Done => kind == LinkKind.FromWorker,
        FrameType.Roster or FrameType.Model or FrameType.Ask or FrameType.Withdraw or FrameType.Stop or FrameType.Plan => kind == LinkKind.FromCoordinator,
        _ => false,
    };
}
