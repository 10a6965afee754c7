using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>Runs over real worker processes, and the command as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Killed_process_does_not_change_a_byte()
    {
        Assert.Equal(0, _bench.Run("run", _bench.Spec(), "--out", _bench.In("calm"), "--json"));
        var calm = JsonNode.Parse(_bench.Output)!;
        Assert.True(_bench.Run("run", _bench.Spec(), "--out", _bench.In("tcp"), "--fabric", "tcp", "--kill", "1@5", "--set", "compute=emulated(5ms)", "--json") == 0, _bench.Errors);
        var stormy = JsonNode.Parse(_bench.Output)!;
        Assert.Equal("tcp", (string)stormy["fabric"]!);
        Assert.Equal((string)calm["trajectoryHash"]!, (string)stormy["trajectoryHash"]!);
        Assert.InRange((long)stormy["workers"]![1]!["deaths"]!, 1, 2);
        Assert.True((long)stormy["bytes"]!["frameReceived"]! > (long)stormy["bytes"]!["received"]!);
    }

    [Fact]
    public void Port_in_use_ends_with_71()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal(71, _bench.Run("run", _bench.Spec(), "--out", _bench.In("x"), "--fabric", "tcp", "--port", $"{port}"));
        Assert.Contains($"{port}", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_with_a_wrong_secret_or_another_spec_is_refused()
    {
        int wrongSecret = -1, otherSpec = -1;
        var port = FreePort();
        using var folder = RunFolder.Open(_bench.In("run"), FolderMode.Fresh);
        using var drain = new CancellationTokenSource();
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Task.Run(() => RunExecutor.RunAsync(new RunRequest
        {
            Spec = SpecFile.Load(_bench.Spec(), ["compute=emulated(20ms)", "rounds=100000"]),
            Folder = folder,
            Fabric = "tcp",
            Port = port,
            WorkerLaunch = CliBench.Tool("worker"),
            Drain = drain.Token,
            Listener = happened =>
            {
                if (happened is { Phase: Phase.Round, Round: >= 1 })
                {
                    joined.TrySetResult();
                }
            },
        }));
        await Task.WhenAny(joined.Task, run).WaitAsync(TimeSpan.FromSeconds(60));
        string[] line = ["--coordinator", $"127.0.0.1:{port}", "--slot", "0", "--folder", _bench.Folder, "--spec"];
        wrongSecret = await ExitOf(Start("abcd", ["worker", .. line, folder.Spec]));
        drain.Cancel();
        Assert.Equal(75, (await run).ExitCode);
        Assert.Equal(77, wrongSecret);
        otherSpec = await ExitOf(Start("abcd", ["worker", .. line, _bench.In("none.json")]));
        Assert.Equal(78, otherSpec);
    }

    [Fact]
    public async Task First_signal_drains_and_the_run_can_be_resumed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var process = Start(null, "run", _bench.Spec(), "--out", _bench.In("run"), "--fabric", "tcp", "--set", "compute=emulated(5ms)", "--set", "rounds=100000");
        var events = _bench.In("run/metrics.csv");
        for (var waited = 0; !(File.Exists(events) && new FileInfo(_bench.In("run/spec.json")).Exists) && waited < 300; waited++)
        {
            await Task.Delay(100);
        }

        await Task.Delay(2000);
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal(75, await ExitOf(process));
        Assert.True(File.Exists(_bench.In("run/state")));
        Assert.Equal("preempted", RunResult.Load(_bench.In("run/result.json")).Status);
    }

    [Fact]
    public async Task Json_is_the_only_thing_on_standard_output()
    {
        using var process = Start(null, "run", _bench.Spec(), "--out", _bench.In("run"), "--json");
        var output = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal(0, await ExitOf(process));
        Assert.Equal("finished", (string)JsonNode.Parse(output)!["status"]!);
    }

    private static Process Start(string? secret, params string[] args)
    {
        var tool = CliBench.Tool(args);
        var start = new ProcessStartInfo(tool.FileName, tool.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (secret is not null)
        {
            start.Environment["SIDESTEP_SECRET"] = secret;
        }

        return Process.Start(start)!;
    }

    private static async Task<int> ExitOf(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return process.ExitCode;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
