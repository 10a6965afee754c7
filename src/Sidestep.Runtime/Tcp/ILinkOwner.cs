namespace Sidestep.Runtime;

/// <summary>Hears what comes over a link, on the link's reading thread.</summary>
internal interface ILinkOwner
{
    PayloadPool Pool { get; }

    /// <summary>A whole message; ownership of its payload moves.</summary>
    void OnMessage(TcpLink link, in Message message);

    /// <summary>A control frame that is not a heartbeat.</summary>
    RejectCode OnControl(TcpLink link, FrameType type, ReadOnlySpan<byte> payload);

    /// <summary>A frame passed, in or out.</summary>
    void OnFrame(TcpLink link, in FrameHeader header, int row, bool sent);

    /// <summary>Whether more may be read from the peer now.</summary>
    bool HasRoom(TcpLink link);

    /// <summary>The link is gone, for good; called once, after its last message.</summary>
    void OnClosed(TcpLink link, RejectCode reason);
}
