using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sidestep.Rounds;

/// <summary>The baseline: the same bytes over plain sockets, no frames, no checksums. Workers are processes; one thread per connection at the hub.</summary>
internal static class PlainSockets
{
    public static double[] Run(int workers, int bytes, int rounds)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var children = Enumerable.Range(0, workers).Select(_ => Child.Start("plain-worker", $"{port}", $"{bytes}")).ToArray();
        var sockets = children.Select(_ => listener.Accept()).ToArray();
        var model = GC.AllocateUninitializedArray<byte>(bytes);
        var shares = sockets.Select(_ => GC.AllocateUninitializedArray<byte>(bytes)).ToArray();
        using var start = new Barrier(workers + 1);
        using var done = new Barrier(workers + 1);
        var threads = sockets.Select((socket, i) => new Thread(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                start.SignalAndWait();

                // Out and in overlap as in the product: the worker answers when it has the whole model.
                SendAll(socket, model);
                ReceiveAll(socket, shares[i]);
                done.SignalAndWait();
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        var times = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            start.SignalAndWait();
            done.SignalAndWait();
            times[round] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        foreach (var child in children)
        {
            child.WaitForExit();
        }

        return times;
    }

    public static void Work(int port, int bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        var buffer = GC.AllocateUninitializedArray<byte>(bytes);
        while (ReceiveAll(socket, buffer))
        {
            SendAll(socket, buffer);
        }
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static bool ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var got = socket.Receive(bytes);
            if (got == 0)
            {
                return false;
            }

            bytes = bytes[got..];
        }

        return true;
    }
}
