using System.Net;
using System.Net.Sockets;

namespace Sidestep.Runtime.Tests.Tcp;

/// <summary>Sits between one worker and the coordinator: writes down what the worker says, damages it, or cuts the line.</summary>
internal sealed class RecordingProxy : IDisposable
{
    private const int InHeader = 40;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _coordinator;
    private readonly MemoryStream _said = new();
    private Socket? _near, _far;
    private bool _damage;

    public RecordingProxy(IPEndPoint coordinator)
    {
        _coordinator = coordinator;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        new Thread(Run) { IsBackground = true }.Start();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What the worker said so far.</summary>
    public byte[] Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToArray();
            }
        }
    }

    /// <summary>Flips a bit in the header of the frame the worker sends next.</summary>
    public void Damage() => Volatile.Write(ref _damage, true);

    /// <summary>Both ends see the connection reset.</summary>
    public void Cut()
    {
        foreach (var socket in new[] { _near, _far })
        {
            socket?.Close(0);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private void Run()
    {
        try
        {
            _near = _listener.AcceptSocket();
            _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _far.Connect(_coordinator);
            _near.NoDelay = _far.NoDelay = true;
            new Thread(() => Pump(_far, _near, fromWorker: false)) { IsBackground = true }.Start();
            Pump(_near, _far, fromWorker: true);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Pump(Socket from, Socket to, bool fromWorker)
    {
        var bytes = new byte[64 << 10];
        try
        {
            for (var count = from.Receive(bytes); count > 0; count = from.Receive(bytes))
            {
                if (fromWorker)
                {
                    Write(bytes.AsSpan(0, count));
                }

                to.Send(bytes.AsSpan(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Cut();
        }
    }

    private void Write(Span<byte> bytes)
    {
        lock (_said)
        {
            _said.Write(bytes);
        }

        if (Volatile.Read(ref _damage))
        {
            bytes[Math.Min(InHeader, bytes.Length - 1)] ^= 0x10;
            Volatile.Write(ref _damage, false);
        }
    }
}
