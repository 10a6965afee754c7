using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Found">What was found.</param>
internal sealed record CheckView(string Name, bool Ok, string Found);

/// <summary>Everything the doctor looked at.</summary>
/// <param name="Ok">Whether runs can work here; optional parts may be missing.</param>
/// <param name="NumericClass">Processes of one numeric class compute equal bits.</param>
/// <param name="Checks">The checks.</param>
internal sealed record DoctorView(bool Ok, string NumericClass, IReadOnlyList<CheckView> Checks);

/// <summary><c>sidestep doctor</c>: what this machine has and whether runs can be trusted to it.</summary>
internal static class DoctorCommand
{
    private const int OsError = 71;

    public static Command Create(Terminal terminal)
    {
        var json = Flags.Json();
        var command = new Command("doctor", "Looks at SIMD, BLAS, ports, memory, disk and data.") { json };
        command.SetAction(parsed =>
        {
            var view = Look();
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.DoctorView));
            }
            else
            {
                foreach (var check in view.Checks)
                {
                    terminal.Out.WriteLine($"{(check.Ok ? "ok  " : "MISS")}  {check.Name}: {check.Found}");
                }
            }

            return view.Ok ? 0 : OsError;
        });
        return command;
    }

    private static DoctorView Look()
    {
        var numeric = RunPlanner.NumericClass("auto");
        CheckView port = Try("ports", Listen), disk = Try("snapshots", Sync);
        return new DoctorView(port.Ok && disk.Ok, numeric,
        [
            new("simd", Vector128.IsHardwareAccelerated, Simd()),
            Try("blas", () => $"{RunPlanner.NumericClass("blas")}; one thread"),
            new("numeric class", true, numeric),
            new("cores", true, Os.Cores.ToString(CultureInfo.InvariantCulture)),
            new("memory", true, string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB")),
            port,
            disk,
            Data(),
        ]);
    }

    private static string Simd()
    {
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return width == 0 ? "none: kernels run scalar" : string.Create(CultureInfo.InvariantCulture, $"{width}-bit vectors");
    }

    private static string Listen()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return $"listening on 127.0.0.1 works (tried port {((IPEndPoint)socket.LocalEndPoint!).Port})";
    }

    private static string Sync()
    {
        var folder = Directory.GetCurrentDirectory();
        Os.SelfTest(folder);
        return $"writing, syncing and renaming work in {folder}";
    }

    private static CheckView Data()
    {
        var folder = DataFolder.For(Directory.GetCurrentDirectory());
        var there = Directory.Exists(folder);
        return new CheckView(
            "data", there, there ? folder : $"{folder} does not exist; set {DataFolder.Variable}, or use generated data (digit-pictures, gaussian-mixture)");
    }

    private static CheckView Try(string name, Func<string> look)
    {
        try
        {
            return new CheckView(name, true, look());
        }
        catch (Exception error) when (error is SidestepException or SocketException or IOException or UnauthorizedAccessException)
        {
            return new CheckView(name, false, error.Message);
        }
    }
}
