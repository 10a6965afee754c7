using System.Net;
using System.Net.Sockets;

namespace Sidestep.Runtime;

/// <summary>Accepts connections on the loopback address and answers handshakes, a bounded number at a time.</summary>
internal sealed class TcpListening : IDisposable
{
    // Sockets that have not proved anything yet.
    private const int MostUnproved = 64;

    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Action<Socket> _answer;
    private readonly SemaphoreSlim _unproved = new(MostUnproved);
    private bool _disposed;

    /// <summary>Binds; nothing is accepted before <see cref="Start"/>.</summary>
    /// <exception cref="OperatingSystemException">The port cannot be had.</exception>
    public TcpListening(int port, Action<Socket> answer)
    {
        _answer = answer;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _socket.Listen(512);
        }
        catch (SocketException error)
        {
            _socket.Dispose();
            throw new OperatingSystemException(
                $"port {port} on 127.0.0.1 cannot be listened at: {error.Message.ToLowerInvariant()}; use another port, or 0 for any free one", 71, error);
        }
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public void Start() => new Thread(Accept) { IsBackground = true, Name = "sidestep accept" }.Start();

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _socket.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = _socket.Accept();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                if (Volatile.Read(ref _disposed))
                {
                    return;
                }

                // Too many open sockets, or a connection that was given up before it was accepted: the next one may be fine.
                Thread.Sleep(AcceptAgainAfter);
                continue;
            }

            if (_unproved.Wait(0))
            {
                new Thread(() => Answer(accepted)) { IsBackground = true, Name = "sidestep handshake" }.Start();
            }
            else
            {
                accepted.Dispose();
            }
        }
    }

    private void Answer(Socket accepted)
    {
        try
        {
            _answer(accepted);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or JoinRefusedException)
        {
            // Whoever it was did not get in.
            accepted.Dispose();
        }
        finally
        {
            _unproved.Release();
        }
    }
}
