using System.Net;
using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>Links a worker dials to other workers, opened by the first message and again after a loss.</summary>
internal sealed class PeerDialler(int id, Identity identity, Func<int, int> portOf, Func<Socket, int, Welcome, TcpLink> open)
{
    private readonly object _gate = new();
    private readonly Dictionary<int, TcpLink> _links = [];
    private readonly Dictionary<int, Task<TcpLink?>> _dialling = [];
    private TcpLink[] _snapshot = [];

    /// <summary>The links now open.</summary>
    public TcpLink[] Links => Volatile.Read(ref _snapshot);

    public ValueTask SendAsync(in Message message, CancellationToken stop)
    {
        lock (_gate)
        {
            if (_links.TryGetValue(message.To, out var link) && !link.IsClosed)
            {
                return link.SendAsync(message, stop);
            }
        }

        return DialAsync(message, stop);
    }

    private async ValueTask DialAsync(Message message, CancellationToken stop)
    {
        // The payload is ours until it is queued or the peer turns out to be gone.
        message.Payload?.Retain();
        try
        {
            Task<TcpLink?> dialling;
            lock (_gate)
            {
                if (!_dialling.TryGetValue(message.To, out dialling!) || dialling.IsCompleted)
                {
                    _dialling[message.To] = dialling = Task.Run(() => Dial(message.To), CancellationToken.None);
                }
            }

            if (await dialling.WaitAsync(stop) is { } link)
            {
                await link.SendAsync(message, stop);
            }
        }
        finally
        {
            message.Payload?.Dispose();
        }
    }

    // Null: the peer is gone; its messages are lost, as in any weather.
    private TcpLink? Dial(int slot)
    {
        var port = portOf(slot);
        if (port == 0)
        {
            return null;
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            var link = open(socket, slot, Handshake.Dial(socket, identity, id, slot, 0));
            lock (_gate)
            {
                _links[slot] = link;
                _snapshot = [.. _links.Values.Where(l => !l.IsClosed)];
            }

            return link;
        }
        catch (Exception error) when (error is SocketException or JoinRefusedException)
        {
            socket.Dispose();
            return null;
        }
    }
}
