namespace Sidestep;

/// <summary>A node that can receive on a channel; what <see cref="GroupNode"/> is built on.</summary>
public interface IChannels
{
    /// <summary>Like <see cref="INode.ReceiveAsync"/>, on one channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="match">What to take.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stop">Cancels.</param>
    ValueTask<MessageLease?> ReceiveAsync(ushort channel, Match match, TimeSpan timeout, CancellationToken stop);
}
